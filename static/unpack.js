// The worker that unpacks the program while it arrives, for browsers that offer no brotli to scripts. It is sent pieces, then null,
// and answers with pieces, then null; or with a sentence.
'use strict';
importScripts('vendor/brotli.js' + location.search);
const PIECE = 1 << 18; // bytes unpacked at once
const NEEDS_MORE_OUTPUT = 3;
const DONE = 1;

const begin = async () => {
  const response = await fetch('vendor/brotli.wasm' + location.search);
  if (!response.ok) throw new Error(`brotli.wasm: HTTP ${response.status}`);
  Brotli.initSync(new WebAssembly.Module(await response.arrayBuffer()));
  return new Brotli.BrotliDecStream();
};

let ended = false;
const unpack = (stream, packed) => {
  for (let rest = packed; ;) {
    const result = stream.dec(rest, PIECE);
    const { buf, code, input_offset: taken } = result;
    result.free();
    if (buf.length > 0) postMessage(buf, [buf.buffer]);
    ended = code === DONE;
    if (code !== NEEDS_MORE_OUTPUT) return;
    rest = rest.subarray(taken);
  }
};

// One message after the other: the first ones may come before the decoder is there.
let turn = begin();
turn.catch(() => { /* told at the next message */ });
onmessage = ({ data }) => {
  turn = turn.then((stream) => {
    if (data) unpack(stream, data);
    else if (ended) postMessage(null);
    else throw new Error('it ends too early');
    return stream;
  });
  turn.catch((e) => postMessage(String(e?.message ?? e)));
};
