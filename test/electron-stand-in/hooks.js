/** Module hooks of Node: https://nodejs.org/api/module.html#customization-hooks */

let standIn = '';

/** @param {{ standIn: string }} data */
export function initialize(data) {
  standIn = data.standIn;
}

/** @type {import('node:module').ResolveHook} */
export function resolve(specifier, context, next) {
  return specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context);
}
