/**
 * Structured clone as text, for the way between Node and the page. Runs on both sides: the page gets the source of this
 * one function, so it must not use anything from outside itself.
 */
export interface Codec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export function createCodec(): Codec {
  const TYPED = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  };

  function toBase64(bytes: Uint8Array): string {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }

  function fromBase64(text: string): ArrayBuffer {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
  }

  /** Primitives of JSON stay themselves; all else becomes [tag, …]. */
  function wrap(value: unknown): unknown {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : ['number', String(value)];
    if (value === undefined) return ['undefined'];
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value !== 'object') throw new Error('An object could not be cloned.');
    if (Array.isArray(value)) return ['array', value.map(wrap)];
    if (value instanceof Date) return ['date', value.getTime()];
    if (value instanceof Error) return ['error', value.name, value.message];
    if (value instanceof Map) return ['map', [...value].map(([key, item]) => [wrap(key), wrap(item)])];
    if (value instanceof Set) return ['set', [...value].map(wrap)];
    if (value instanceof ArrayBuffer) return ['buffer', toBase64(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      const name = Object.entries(TYPED).find(([, type]) => value instanceof type)?.[0];
      if (name === undefined) throw new Error('An object could not be cloned.');
      return ['typed', name, toBase64(bytes)];
    }
    return ['object', Object.entries(value).map(([key, item]) => [key, wrap(item)])];
  }

  function unwrap(value: unknown): unknown {
    if (!Array.isArray(value)) return value;
    const [tag, first, second] = value as [string, never, never];
    switch (tag) {
      case 'number':
        return Number(first);
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(first);
      case 'array':
        return (first as unknown[]).map(unwrap);
      case 'date':
        return new Date(first);
      case 'error':
        return Object.assign(new Error(second), { name: first });
      case 'map':
        return new Map((first as unknown[][]).map(([key, item]) => [unwrap(key), unwrap(item)]));
      case 'set':
        return new Set((first as unknown[]).map(unwrap));
      case 'buffer':
        return fromBase64(first);
      case 'typed':
        return new TYPED[first as keyof typeof TYPED](fromBase64(second));
      case 'object':
        return Object.fromEntries((first as [string, unknown][]).map(([key, item]) => [key, unwrap(item)]));
      default:
        throw new Error(`unknown tag ${tag}`);
    }
  }

  return { encode: (value) => JSON.stringify(wrap(value)), decode: (text) => unwrap(JSON.parse(text)) };
}
