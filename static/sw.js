// Opens the lab without a network after the first visit. Every file but the page itself is asked for by its version, and
// one version is cached whole or not at all, so that two versions never mix.
'use strict';
importScripts('build.js?v=dev');
const build = self.wirelabBuild;
const CACHE = `wirelab-${build.version}`;
const PAGE = 'index.html';
const urls = Object.keys(build.files).map((name) => (build.files[name].versioned ? `${name}?v=${build.version}` : name));

const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('');

const fetchChecked = async (url) => {
  const name = url.split('?')[0];
  const response = await fetch(url, { cache: build.files[name].versioned ? 'default' : 'no-cache' });
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const body = await response.arrayBuffer();
  const digest = hex(await crypto.subtle.digest('SHA-256', body));
  const known = [build.files[name].sha256, name === 'wirelab.wasm.br' ? build.wasm_sha256 : ''];
  if (!known.includes(digest)) throw new Error(`${url}: not the file of version ${build.version}`);
  return new Response(body, { headers: { 'Content-Type': response.headers.get('Content-Type') || 'application/octet-stream' } });
};

self.addEventListener('install', (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  for (const url of urls) {
    if (!(await cache.match(url))) await cache.put(url, await fetchChecked(url));
  }
  await self.skipWaiting();
})()));

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith('wirelab-') && name !== CACHE && await ours(name)) await caches.delete(name);
  }
})()));

// Two copies of the lab may live on one host under two paths; each clears up only after itself.
const ours = async (name) => {
  const keys = await (await caches.open(name)).keys();
  return keys.every((request) => request.url.startsWith(self.registration.scope));
};

const page = async (request) => {
  const network = await fetch(request).catch(() => null);
  if (network && network.status < 500) return network;
  const cached = await (await caches.open(CACHE)).match(PAGE);
  return cached || network || Response.error();
};

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || !url.href.startsWith(self.registration.scope)) return;
  if (event.request.mode === 'navigate') {
    const path = url.pathname.slice(new URL(self.registration.scope).pathname.length);
    if (path === '' || path === PAGE) event.respondWith(page(event.request));
    return;
  }
  event.respondWith(caches.match(event.request).then((hit) => hit || fetch(event.request)));
});
