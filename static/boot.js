// From an empty page to the running lab: check the browser, download with an honest bar, unpack, start.
'use strict';
(() => {
  const { say } = self.wirelabWords;
  const build = self.wirelabBuild;
  const at = (id) => document.getElementById(id);
  const theme = new URLSearchParams(location.search).get('theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
  at('splash-what').textContent = say('what');
  at('retry').textContent = say('retry');
  at('retry').addEventListener('click', () => location.reload());

  const status = (text, share) => {
    at('splash-status').textContent = text;
    at('bar').setAttribute('aria-valuenow', Math.round(share * 100));
    at('bar-fill').style.width = `${share * 100}%`;
  };
  const problem = (code, ...args) => Object.assign(new Error(say(code, ...args)), { code });
  const fail = (e) => {
    const known = e.code ? e : problem('start_failed', e.message || String(e));
    at('splash').hidden = false;
    at('splash').classList.add('failed');
    at('splash-status').textContent = known.message;
    at('retry').hidden = false;
    self.wirelabHost.failed(known.code, known.message);
  };

  const checkBrowser = () => {
    if (typeof WebAssembly !== 'object') throw problem('no_wasm');
    // Asked of a canvas of its own, and given back: browsers limit how many contexts may live.
    const gl = document.createElement('canvas').getContext('webgl2');
    if (!gl) throw problem('no_webgl');
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    if (!build || build.version !== document.documentElement.dataset.version) throw problem('stale');
  };

  const program = () => `wirelab.wasm.br?v=${build.version}`;
  const isWasm = (bytes) => bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;

  // A host may unpack on the way (Content-Encoding: br); then what arrives is the program itself and the bar counts that.
  const download = async () => {
    let response;
    try { response = await fetch(program()); } catch (e) { throw problem('load_failed', e.message); }
    if (!response.ok) throw problem('load_failed', `HTTP ${response.status}`);
    const total = response.headers.get('Content-Encoding') ? build.wasm : build.files['wirelab.wasm.br'].size;
    const bytes = new Uint8Array(Math.max(build.wasm, total));
    const reader = response.body.getReader();
    let got = 0;
    for (;;) {
      let chunk;
      try { chunk = await reader.read(); } catch (e) { throw problem('load_failed', e.message); }
      if (chunk.done) break;
      if (got + chunk.value.length > bytes.length) throw problem('stale');
      bytes.set(chunk.value, got);
      got += chunk.value.length;
      const share = Math.min(got / total, 1);
      status(say('downloading', Math.floor(share * 100), (total / 1e6).toFixed(1)), share);
    }
    return bytes.subarray(0, got);
  };

  // Files of two versions must never run together; where the browser lets us hash, a wrong byte is found here.
  const verify = async (bytes) => {
    const raw = isWasm(bytes);
    const want = raw ? { size: build.wasm, sha256: build.wasm_sha256 } : build.files['wirelab.wasm.br'];
    if (bytes.length !== want.size) throw problem('load_failed', `${bytes.length} / ${want.size}`);
    if (!self.crypto?.subtle) return raw;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const hex = Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
    if (hex !== want.sha256) throw problem('stale');
    return raw;
  };

  // Kept for the next visit without a network, so that the service worker need not download it again.
  const keep = async (bytes) => {
    if (!self.caches || window.parent !== window) return;
    try {
      const cache = await caches.open(`wirelab-${build.version}`);
      await cache.put(program(), new Response(bytes, { headers: { 'Content-Type': 'application/octet-stream' } }));
    } catch { /* a full or forbidden store costs only the offline visit */ }
  };

  const unpack = (packed) => new Promise((resolve, reject) => {
    const worker = new Worker(`unpack.js?v=${build.version}`);
    const done = (settle, value) => { worker.terminate(); settle(value); };
    worker.onmessage = ({ data }) => (data.raw ? done(resolve, data.raw) : done(reject, problem('load_failed', data.error)));
    worker.onerror = (e) => done(reject, problem('load_failed', e.message || 'unpack.js'));
    const copy = packed.slice();
    worker.postMessage({ packed: copy, size: build.wasm }, [copy.buffer]);
  });

  const start = async (raw) => {
    status(say('starting'), 1);
    const go = new Go();
    const { instance } = await WebAssembly.instantiate(raw, go.importObject);
    self.wirelabHost.shown = () => { at('splash').hidden = true; at('lab').hidden = false; };
    go.run(instance).then(() => fail(problem('stopped')), (e) => fail(problem('start_failed', e.message)));
  };

  const offline = () => {
    if (!('serviceWorker' in navigator) || window.parent !== window || !isSecureContext) return;
    navigator.serviceWorker.register('sw.js').catch(() => { /* private windows forbid it; the lab runs all the same */ });
  };

  const boot = async () => {
    checkBrowser();
    status(say('downloading', 0, (build.files['wirelab.wasm.br'].size / 1e6).toFixed(1)), 0);
    let bytes = await download();
    const raw = await verify(bytes);
    status(say('unpacking'), 1);
    if (!raw) {
      await keep(bytes);
      bytes = await unpack(bytes);
    }
    await start(bytes);
    window.wirelab.ready.then(offline, () => {});
  };
  boot().catch(fail);
})();
