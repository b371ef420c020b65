/** What a page and its worker hold, after a collection of both. */

/** @typedef {{ page: number; worker: number | undefined }} Held bytes; no worker, no figure */

/**
 * Answers a function that collects and measures.
 * @param {import('playwright-core').CDPSession} session
 * @returns {Promise<() => Promise<Held>>}
 */
export async function heapOf(session) {
  /** @type {string | undefined} */
  let worker;
  let calls = 0;
  /** @type {Map<number, (answer: { usedSize?: number; backingStorageSize?: number }) => void>} */
  const waiting = new Map();
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') worker = sessionId;
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result ?? {});
    waiting.delete(id);
  });
  // Not flattened: a session that is one of a page knows no others by number.
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const ask = (/** @type {string} */ method) =>
    /** @type {Promise<{ usedSize?: number; backingStorageSize?: number }>} */ (
      new Promise((resolve, reject) => {
        const id = ++calls;
        waiting.set(id, resolve);
        session
          .send('Target.sendMessageToTarget', {
            sessionId: worker ?? '',
            message: JSON.stringify({ id, method }),
          })
          .catch(reject);
      })
    );
  return async () => {
    // Twice: what only a finalizer held is free after the first.
    for (let i = 0; i < 2; i++) {
      await session.send('HeapProfiler.collectGarbage');
      if (worker !== undefined) await ask('HeapProfiler.collectGarbage');
    }
    const page = await session.send('Runtime.getHeapUsage');
    const own = worker === undefined ? undefined : await ask('Runtime.getHeapUsage');
    // Typed arrays lie outside the heap.
    const sum = (/** @type {{ usedSize?: number; backingStorageSize?: number }} */ usage) =>
      (usage.usedSize ?? 0) + (usage.backingStorageSize ?? 0);
    return { page: sum(page), worker: own && sum(own) };
  };
}
