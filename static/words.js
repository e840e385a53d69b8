// What the page says before the program, which brings its own catalogue, is there.
'use strict';
self.wirelabWords = (() => {
  const en = {
    what: 'A TCP/IP lab: real packets, one clock, every reason in view.',
    downloading: 'Downloading: {0}% of {1} MB',
    starting: 'Starting…',
    retry: 'Try again',
    no_wasm: 'This browser cannot run WebAssembly. Please use a current Chrome, Edge, Firefox or Safari.',
    no_webgl: 'This browser offers no WebGL 2, which the lab draws with. Switch on hardware acceleration in its settings, or use another browser.',
    load_failed: 'The download did not finish ({0}). Check the network and try again.',
    stale: 'The site was updated while it was loading. Try again to get the new version.',
    start_failed: 'The lab could not start: {0}',
    stopped: 'The lab stopped because of an error in the program. Your last autosaved work opens again after a reload.',
  };
  const zh = {
    what: 'TCP/IP 实验室：真实的报文，同一个时钟，一切皆有缘由。',
    downloading: '正在下载：{1} MB 的 {0}%',
    starting: '正在启动……',
    retry: '重试',
    no_wasm: '此浏览器不能运行 WebAssembly。请使用新版 Chrome、Edge、Firefox 或 Safari。',
    no_webgl: '此浏览器没有提供实验室绘图所需的 WebGL 2。请在设置中打开硬件加速，或换用其他浏览器。',
    load_failed: '下载没有完成（{0}）。请检查网络后重试。',
    stale: '加载期间网站更新了。请重试以获取新版本。',
    start_failed: '实验室无法启动：{0}',
    stopped: '程序出错，实验室已停止。重新加载后会打开最近一次自动保存的内容。',
  };
  const query = new URLSearchParams(location.search).get('lang');
  let saved = null;
  try { saved = localStorage.getItem('wirelab.lang'); } catch { /* storage may be forbidden in a frame */ }
  const code = (query || saved || navigator.language || 'en').toLowerCase().startsWith('zh') ? 'zh' : 'en';
  document.documentElement.lang = code === 'zh' ? 'zh-CN' : 'en';
  const say = (key, ...args) => (code === 'zh' ? zh : en)[key].replace(/\{(\d)\}/g, (_, i) => args[i]);
  return { code, say, catalogues: { en, zh } };
})();
