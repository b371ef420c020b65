/** What the stand-in does not have it refuses by name, so that no test passes because something was silently ignored. */

/** Asked for by the language itself, not by the app: awaiting, printing, comparing. */
const ASKED_BY_NODE = new Set<PropertyKey>([
  'then',
  'toJSON',
  'constructor',
  'inspect',
  'asymmetricMatch',
  'nodeType',
]);

export function strict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key) {
      if (!(key in object)) {
        if (typeof key === 'symbol' || ASKED_BY_NODE.has(key)) return undefined;
        throw new Error(`the stand-in for Electron has no ${name}.${key}`);
      }
      const value: unknown = Reflect.get(object, key, object);
      return typeof value === 'function' && key !== 'constructor' ? value.bind(object) : value;
    },
    set(object, key, value) {
      if (!(key in object)) throw new Error(`the stand-in for Electron has no ${name}.${String(key)}`);
      return Reflect.set(object, key, value, object);
    },
  });
}

/** An event that a listener may prevent. */
export interface Preventable {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export function preventable<T extends object>(details: T): T & Preventable {
  let prevented = false;
  return Object.defineProperties(details, {
    defaultPrevented: { get: () => prevented },
    preventDefault: { value: () => (prevented = true) },
  }) as T & Preventable;
}
