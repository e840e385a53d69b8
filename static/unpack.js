// The worker that unpacks the program: no browser offers brotli to scripts, and half a second of it must not freeze the bar.
'use strict';
importScripts('vendor/brotli.js' + location.search);
onmessage = ({ data: { packed, size } }) => {
  try {
    const raw = Brotli.decompress(packed, size);
    if (raw.length !== size) throw new Error(`${raw.length} of ${size} bytes`);
    postMessage({ raw }, [raw.buffer]);
  } catch (e) {
    postMessage({ error: String(e.message || e) });
  }
};
