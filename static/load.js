// Loads the program: downloads, unpacks and compiles it in one stream, and counts what crosses the network.
'use strict';
self.wirelabLoad = (() => {
  const build = self.wirelabBuild;
  const NAME = 'wirelab.wasm.br';
  const url = () => `${NAME}?v=${build.version}`;
  const problem = (code, ...args) => Object.assign(new Error(self.wirelabWords.say(code, ...args)), { code });

  // A host may unpack on the way (Content-Encoding: br); then what arrives is the program itself, which begins with a zero. No brotli
  // of this build does.
  const arriving = (first) => (first[0] === 0 ? { raw: true, size: build.wasm, sha256: build.wasm_sha256 } : build.files[NAME]);

  // A pair of streams around the worker.
  const inWorker = () => {
    const worker = new Worker(`unpack.js?v=${build.version}`);
    let source;
    const fail = (text) => source.error(new Error(text));
    const readable = new ReadableStream({ start: (s) => { source = s; }, cancel: () => worker.terminate() });
    worker.onmessage = ({ data }) => {
      if (typeof data === 'string') return fail(data);
      if (data) return source.enqueue(data);
      worker.terminate();
      return source.close();
    };
    worker.onerror = (e) => fail(e.message || 'unpack.js');
    const writable = new WritableStream({
      write: (piece) => worker.postMessage(piece),
      close: () => worker.postMessage(null),
      abort: () => { worker.terminate(); fail('aborted'); },
    });
    return { readable, writable };
  };

  const unpacker = (raw) => {
    if (raw) return new TransformStream();
    try { return new DecompressionStream('brotli'); } catch { return inWorker(); }
  };

  const compile = async (readable) => {
    const response = new Response(readable, { headers: { 'Content-Type': 'application/wasm' } });
    if (WebAssembly.compileStreaming) return WebAssembly.compileStreaming(response);
    return WebAssembly.compile(await response.arrayBuffer());
  };

  // Files of two versions must never run together; where the browser lets us hash, a wrong byte is found here.
  const verify = async (bytes, got, want) => {
    if (got !== want.size) throw problem('load_failed', `${got} / ${want.size}`);
    if (!self.crypto?.subtle) return;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    if (Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('') !== want.sha256) throw problem('stale');
  };

  // Kept for the next visit without a network, so that the service worker need not download it again.
  const keep = async (bytes) => {
    if (!self.caches || window.parent !== window) return;
    try {
      const cache = await caches.open(`wirelab-${build.version}`);
      await cache.put(url(), new Response(bytes, { headers: { 'Content-Type': 'application/octet-stream' } }));
    } catch { /* a full or forbidden store costs only the offline visit */ }
  };

  // What is unpacked and compiled meanwhile fails together with the download, whose problem is the one to tell: that of the other two
  // follows from it.
  const load = async (progress, signal) => {
    let response;
    try { response = await fetch(url(), { signal }); } catch (e) { throw problem('load_failed', e.message); }
    if (!response.ok) throw problem('load_failed', `HTTP ${response.status}`);
    const reader = response.body.getReader();
    let got = 0;
    let want = null;
    let bytes = null;
    let sink = null;
    let module = null;
    try {
      for (;;) {
        let chunk;
        try { chunk = await reader.read(); } catch (e) { throw problem('load_failed', e.message); }
        if (chunk.done) break;
        const piece = chunk.value;
        if (!want && piece.length > 0) {
          want = arriving(piece);
          bytes = new Uint8Array(want.size);
          const { readable, writable } = unpacker(want.raw);
          sink = writable.getWriter();
          sink.closed.catch(() => { /* told by the module */ });
          module = compile(readable);
          module.catch(() => { /* awaited below */ });
        }
        if (!want) continue;
        if (got + piece.length > want.size) throw problem('stale');
        bytes.set(piece, got);
        got += piece.length;
        sink.write(piece).catch(() => { /* told by the module */ });
        progress(got / want.size);
      }
      sink?.close().catch(() => { /* told by the module */ });
      await verify(bytes, got, want ?? build.files[NAME]);
      performance.mark('downloaded');
      return { module: await module, kept: want.raw ? Promise.resolve() : keep(bytes) };
    } catch (e) {
      reader.cancel().catch(() => {});
      sink?.abort().catch(() => {});
      throw e;
    }
  };
  return { load, problem, transfer: build?.files[NAME].size };
})();
