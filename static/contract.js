// window.wirelab: the calls that people's pages and scripts depend on. They may be made from the first moment on; each
// waits for the program. The program itself is one function, call(name, args), handed over when it has started.
'use strict';
(() => {
  const METHODS = ['open', 'save', 'example', 'play', 'pause', 'speed', 'seek', 'step', 'run', 'exec', 'output', 'command', 'why', 'export', 'lang', 'status'];
  let settle;
  const started = new Promise((resolve, reject) => { settle = { resolve, reject }; });
  started.catch(() => {}); // a failed start is shown on the page; it is not an unhandled rejection as well

  const error = (code, message) => Object.assign(new Error(message), { code });
  const readyPromise = started.then(() => undefined);
  readyPromise.catch(() => {});
  // Both `await wirelab.ready` and `await wirelab.ready()` are natural to write, so both work.
  const ready = Object.assign(() => readyPromise, {
    then: (done, failed) => readyPromise.then(done, failed),
    catch: (failed) => readyPromise.catch(failed),
    finally: (done) => readyPromise.finally(done),
  });
  // What no method takes is refused here: the program could not even look at it.
  const MOST = { arguments: 8, letters: 1 << 20 };
  const check = (name, args) => {
    if (args.length > MOST.arguments) throw error('bad_argument', `wirelab.${name} takes at most ${MOST.arguments} arguments, not ${args.length}.`);
    args.forEach((arg, i) => {
      const what = `wirelab.${name}: argument ${i + 1}`;
      if (['bigint', 'symbol', 'function'].includes(typeof arg)) throw error('bad_argument', `${what} is a ${typeof arg}; numbers, strings and Uint8Arrays are taken.`);
      if (typeof arg === 'string' && arg.length > MOST.letters) throw error('bad_argument', `${what} has ${arg.length} characters; at most ${MOST.letters} are taken.`);
    });
  };
  const api = { ready };
  for (const name of METHODS) {
    api[name] = async (...args) => {
      check(name, args);
      return (await started)(name, args);
    };
  }
  Object.defineProperty(window, 'wirelab', { value: Object.freeze(api), enumerable: true });

  // The program's side of the contract: it says that it has started, or that it could not.
  self.wirelabHost = {
    started: (call) => { settle.resolve(call); announce(); },
    failed: (code, message) => settle.reject(error(code, message)),
  };

  // The same calls over postMessage, for the page that framed this one and for nobody else.
  const framed = window.parent !== window;
  const announce = () => { if (framed) window.parent.postMessage({ wirelab: 1, event: 'ready' }, '*'); };
  const invoke = async (message) => {
    const { method, args = [] } = message;
    if (typeof method !== 'string') throw error('bad_argument', 'A request needs a method, such as {wirelab: 1, id: 1, method: "status"}.');
    if (method !== 'ready' && !METHODS.includes(method)) {
      throw error('unknown_method', `There is no method ${JSON.stringify(method)}; there are: ready, ${METHODS.join(', ')}.`);
    }
    if (!Array.isArray(args)) throw error('bad_argument', 'args must be an array.');
    if (args.length > MOST.arguments) throw error('bad_argument', `args has ${args.length} elements; at most ${MOST.arguments} are taken.`);
    return api[method](...args);
  };
  window.addEventListener('message', async (event) => {
    const message = event.data;
    if (!framed || event.source !== window.parent || !message || message.wirelab !== 1 || message.event !== undefined) return;
    const reply = { wirelab: 1, id: message.id };
    try {
      reply.result = await invoke(message);
    } catch (e) {
      reply.error = { code: e.code || 'internal', message: e.message };
    }
    const origin = event.origin === 'null' || event.origin === '' ? '*' : event.origin;
    event.source.postMessage(reply, { targetOrigin: origin });
  });
})();
