// From an empty page to the running lab: check the browser, load the program behind a bar, start it.
'use strict';
(() => {
  const { say } = self.wirelabWords;
  const build = self.wirelabBuild;
  const { load, problem, transfer } = self.wirelabLoad;
  const at = (id) => document.getElementById(id);
  const theme = new URLSearchParams(location.search).get('theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
  at('splash-what').textContent = say('what');
  at('retry').textContent = say('retry');
  at('retry').addEventListener('click', () => location.reload());

  const ending = new AbortController(); // of the download, when it is of no use any more
  const status = (text, share) => {
    if (ending.signal.aborted) return; // the failure stays
    at('splash-status').textContent = text;
    at('bar').setAttribute('aria-valuenow', Math.round(share * 100));
    at('bar-fill').style.width = `${share * 100}%`;
  };
  const fail = (e) => {
    ending.abort();
    const known = e.code ? e : problem('start_failed', e.message || String(e));
    at('splash').hidden = false;
    at('splash').classList.add('failed');
    at('splash-status').textContent = known.message;
    at('retry').hidden = false;
    self.wirelabHost.failed(known.code, known.message);
  };

  const checkBuild = () => {
    if (typeof WebAssembly !== 'object') throw problem('no_wasm');
    if (!build || build.version !== document.documentElement.dataset.version) throw problem('stale');
  };

  // Asked beside the page. A no is asked again here, of a canvas: some browsers offer WebGL to a page alone.
  const checkDrawing = async () => {
    const there = await new Promise((resolve) => {
      try {
        const worker = new Worker(`probe.js?v=${build.version}`);
        const done = (answer) => { worker.terminate(); resolve(answer); };
        worker.onmessage = ({ data }) => done(data);
        worker.onerror = () => done(false);
        worker.postMessage(null);
      } catch { resolve(false); }
    });
    if (there) return;
    const gl = document.createElement('canvas').getContext('webgl2');
    if (!gl) throw problem('no_webgl');
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  };

  const start = async (module) => {
    status(say('starting'), 1);
    const go = new Go();
    const instance = await WebAssembly.instantiate(module, go.importObject);
    performance.mark('instantiated');
    self.wirelabHost.shown = () => { at('splash').hidden = true; at('lab').hidden = false; };
    go.run(instance).then(() => fail(problem('stopped')), (e) => fail(problem('start_failed', e.message)));
  };

  const offline = () => {
    if (!('serviceWorker' in navigator) || window.parent !== window || !isSecureContext) return;
    navigator.serviceWorker.register('sw.js').catch(() => { /* private windows forbid it; the lab runs all the same */ });
  };

  const boot = async () => {
    checkBuild();
    const size = (transfer / 1e6).toFixed(1);
    const progress = (share) => status(say('downloading', Math.floor(share * 100), size), share);
    progress(0);
    const drawing = checkDrawing();
    const [{ module, kept }] = await Promise.all([load(progress, ending.signal), drawing]);
    performance.mark('compiled');
    await start(module);
    window.wirelab.ready.then(() => kept).then(offline, () => {});
  };
  boot().catch(fail);
})();
