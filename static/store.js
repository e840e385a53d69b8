// Where the page keeps works: a database for what is saved, a channel to the other tabs, and this tab's own memory of what it has open.
// Each work is a description ({id, token, changed_ms, …}) and the bytes of its .lab file; both are written together or not at all.
'use strict';
self.wirelabStore = (() => {
  const problem = (code, message) => Object.assign(new Error(message || code), { code });
  const attempt = (f, other) => { try { return f(); } catch { return other; } };

  let opening = null;
  const open = () => {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open('wirelab', 1); // throws where storage is forbidden
      request.onupgradeneeded = () => {
        request.result.createObjectStore('meta', { keyPath: 'id' });
        request.result.createObjectStore('data');
      };
      request.onsuccess = () => {
        const db = request.result;
        db.onclose = () => { opening = null; };
        db.onversionchange = () => { db.close(); opening = null; };
        resolve(db);
      };
      request.onerror = () => reject(problem('no_store', request.error?.message));
      request.onblocked = () => reject(problem('no_store', 'blocked'));
    }).catch((e) => { opening = null; throw e.code === 'no_store' ? e : problem('no_store', e.message); });
    return opening;
  };

  const reason = (error) => {
    if (!error) return problem('failed', 'aborted');
    if (error.name === 'QuotaExceededError') return problem('full');
    return problem('failed', error.message);
  };

  // transact runs work in one transaction, and answers once it is on the disk. work sets the answer, or throws the transaction away.
  const transact = async (mode, work) => {
    const db = await open();
    return new Promise((resolve, reject) => {
      let answer, refusal;
      let t;
      try {
        t = db.transaction(['meta', 'data'], mode, { durability: 'strict' });
      } catch (e) { // the connection is closing
        opening = null;
        reject(problem('failed', e.message));
        return;
      }
      t.oncomplete = () => resolve(answer);
      t.onabort = () => reject(refusal || reason(t.error));
      work(t.objectStore('meta'), t.objectStore('data'), (value) => { answer = value; }, (code) => { refusal = problem(code); t.abort(); });
    });
  };

  const list = () => transact('readonly', (meta, _, answer) => {
    const all = meta.getAll();
    all.onsuccess = () => answer(all.result);
  });

  const load = (id) => transact('readonly', (meta, data, answer, refuse) => {
    const m = meta.get(id);
    const d = data.get(id);
    d.onsuccess = () => (m.result && d.result ? answer({ meta: m.result, data: d.result }) : refuse('not_found'));
  });

  const save = async (m, bytes, expected) => {
    await transact('readwrite', (meta, data, _, refuse) => {
      const old = meta.get(m.id);
      old.onsuccess = () => {
        if (old.result && old.result.token !== expected) return refuse('conflict');
        try {
          meta.put(m);
          data.put(bytes, m.id);
        } catch (e) {
          refuse(reason(e).code);
        }
      };
    });
    settle(m);
    changed();
  };

  const revise = async (m) => {
    await transact('readwrite', (meta, _, __, refuse) => {
      const old = meta.get(m.id);
      old.onsuccess = () => (old.result ? meta.put(m) : refuse('not_found'));
    });
    changed();
  };

  const remove = async (id) => {
    await transact('readwrite', (meta, data) => { meta.delete(id); data.delete(id); });
    attempt(() => localStorage.removeItem(ASIDE + id));
    changed();
  };

  // A tab that is hidden or closed may not live until the database has answered. What it has is put aside first, where writing is done
  // before the call returns, and the next visit takes it from there.
  const ASIDE = 'wirelab.aside.';
  const MOST = 1 << 20; // local storage has room for little
  const aside = (m, bytes) => {
    if (bytes.length > MOST) return;
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    attempt(() => localStorage.setItem(ASIDE + m.id, JSON.stringify({ meta: m, data: btoa(text) })));
  };

  const settle = (m) => attempt(() => {
    const text = localStorage.getItem(ASIDE + m.id);
    if (text && JSON.parse(text).meta.changed_ms <= m.changed_ms) localStorage.removeItem(ASIDE + m.id);
  });

  // recover takes what was put aside into the database, where that has something older.
  const recover = async () => {
    const keys = attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(ASIDE)), []);
    for (const key of keys) {
      const kept = attempt(() => JSON.parse(localStorage.getItem(key)));
      const bytes = attempt(() => Uint8Array.from(atob(kept.data), (c) => c.charCodeAt(0)));
      if (!bytes || !kept.meta?.id) { // nobody can read it
        attempt(() => localStorage.removeItem(key));
        continue;
      }
      const old = await load(kept.meta.id).catch((e) => { if (e.code !== 'not_found') throw e; });
      if (!old || old.meta.changed_ms < kept.meta.changed_ms) await save(kept.meta, bytes, old?.meta.token ?? '');
      attempt(() => localStorage.removeItem(key));
    }
  };

  // Tabs tell each other which work they have open.
  const me = attempt(() => crypto.getRandomValues(new Uint32Array(2)).join('-'), String(Math.random()));
  const channel = attempt(() => new BroadcastChannel('wirelab'), null);
  const tab = { id: '', taken: null, changed: null };
  const post = (message) => attempt(() => channel?.postMessage({ from: me, ...message }));
  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data.ask && data.ask === tab.id) post({ have: tab.id, to: data.from });
      if (data.have && data.have === tab.id && data.to === me) {
        tab.id = ''; // it is the other's: who asks next must not be told by both
        tab.taken?.();
      }
      if (data.changed) tab.changed?.();
    };
  }
  const claim = (id, taken) => {
    Object.assign(tab, { id, taken });
    post({ ask: id });
  };
  const changed = () => post({ changed: true });
  const onChanged = (f) => { tab.changed = f; };

  // What this tab has open survives a reload, and nothing else: a copy of the tab has it too, and asks.
  const TAB = 'wirelab.work';
  const current = () => attempt(() => sessionStorage.getItem(TAB), null) || '';
  const setCurrent = (id) => attempt(() => sessionStorage.setItem(TAB, id));
  const arrival = () => attempt(() => performance.getEntriesByType('navigation')[0].type, '') || 'navigate';

  // Small things that are remembered besides. The property itself throws where storage is forbidden, which a program cannot catch.
  const recall = (key) => attempt(() => localStorage.getItem(key), null) ?? '';
  const remember = (key, value) => attempt(() => localStorage.setItem(key, value));
  const forget = (key) => attempt(() => localStorage.removeItem(key));

  const persist = () => attempt(() => navigator.storage.persist().catch(() => {}));

  return { list, load, save, revise, remove, aside, recover, claim, onChanged, current, setCurrent, arrival, recall, remember, forget, persist };
})();
