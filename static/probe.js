// Asks for WebGL 2 beside the page: the first context of a visit may take a second, and the download must not wait for it.
'use strict';
onmessage = () => {
  let answer = false;
  try {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    answer = Boolean(gl);
    gl?.getExtension('WEBGL_lose_context')?.loseContext(); // browsers limit how many contexts may live
  } catch { /* a browser without OffscreenCanvas is asked by the page itself */ }
  postMessage(answer);
};
