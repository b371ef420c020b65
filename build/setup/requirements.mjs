/** What has to be on the machine before set-up can do the rest. */
import { spawnSync } from 'node:child_process';
import { Refusal } from './say.mjs';

const LEAST_NODE = /** @type {const} */ ([20, 19]);

/**
 * Refuses a Node older than 20.19, the oldest that the build tools support.
 * @param {string} version
 */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new Refusal(
    `Node ${version} is too old; install Node ${LEAST_NODE.join('.')} or newer, for instance from https://nodejs.org.`,
  );
}

/**
 * Package that brings a tool, by the system's own package manager.
 * @type {Partial<Record<NodeJS.Platform, { compiler: string; cmake: string }>> & Record<'linux', { compiler: string; cmake: string }>}
 */
const packages = {
  linux: {
    compiler: 'g++ (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)',
    cmake: 'cmake (apt install cmake; dnf install cmake)',
  },
  darwin: {
    compiler: 'the command line tools (xcode-select --install)',
    cmake: 'cmake (brew install cmake)',
  },
  win32: {
    compiler: 'Visual Studio Build Tools with “Desktop development with C++”',
    cmake: 'cmake (winget install Kitware.CMake)',
  },
};

/**
 * The first of these programs that runs, or undefined.
 * @param {string[]} names
 * @param {string} argument
 */
function firstThatRuns(names, argument) {
  return names.find((name) => spawnSync(name, [argument], { stdio: 'ignore' }).status === 0);
}

/**
 * Refuses a machine without CMake or without a C++ compiler, naming the package to install.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function checkCompiler(platform = process.platform, env = process.env) {
  const wanted = packages[platform] ?? packages.linux;
  if (firstThatRuns(['cmake'], '--version') === undefined) {
    throw new Refusal(`CMake was not found, which builds the measuring helper; install ${wanted.cmake}.`);
  }
  // On Windows CMake finds Visual Studio by itself; nothing of it needs to be on PATH.
  if (platform === 'win32') return;
  const compilers = [...(env.CXX ? [env.CXX] : []), 'c++', 'g++', 'clang++'];
  if (firstThatRuns(compilers, '--version') === undefined) {
    throw new Refusal(
      `No C++ compiler was found, which builds the measuring helper; install ${wanted.compiler}.`,
    );
  }
}
