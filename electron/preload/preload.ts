/**
 * Runs in the page's isolated world, sandboxed, before the page. It hands over two functions and a port, never an event
 * and never a part of Electron. The main process checks everything again: nothing here is trusted.
 */
import { contextBridge, ipcRenderer } from 'electron';
import {
  CALL_CHANNEL,
  CONNECT_CHANNEL,
  PORT_CHANNEL,
  type DesktopBridge,
  type PortMessage,
} from '#contract/bridge';

const bridge: DesktopBridge = {
  call: (name, argument) => ipcRenderer.invoke(CALL_CHANNEL, name, argument),
  connect: () => ipcRenderer.send(CONNECT_CHANNEL),
};
contextBridge.exposeInMainWorld('ipcScope', bridge);

// A port cannot cross the bridge; a message of this window to itself can carry it.
ipcRenderer.on(PORT_CHANNEL, (event) => {
  const message: PortMessage = { kind: PORT_CHANNEL };
  window.postMessage(message, window.location.origin, event.ports);
});
