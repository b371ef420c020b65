/** The field's own tools: those that are here, and how the others are had. Nothing is ever installed by a benchmark. */
import { isInstalled } from '../processes.js';
import { hackbench } from './hackbench.js';
import { iperf3 } from './iperf3.js';
import { perfMessaging, perfPipe } from './perf.js';
import { qperf } from './qperf.js';
import { sockperf } from './sockperf.js';
import { stressors } from './stress-ng.js';

/** @typedef {import('./tool.js').Tool} Tool */

/** @type {Tool[]} */
const TOOLS = [perfPipe, perfMessaging, hackbench, ...stressors, iperf3, sockperf, qperf];

/**
 * @param {Tool[]} all
 * @param {(program: string) => boolean} installed
 */
export function findTools(all = TOOLS, installed = isInstalled) {
  const missing = [...new Set(all.filter((tool) => !installed(tool.program)).map((tool) => tool.package))];
  return {
    tools: all.filter((tool) => installed(tool.program)),
    all,
    /** One line that installs what is missing; undefined where nothing is. */
    install: missing.length === 0 ? undefined : `sudo apt-get install ${missing.join(' ')}`,
  };
}
