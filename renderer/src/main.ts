import { mount } from 'svelte';
import './parts/tokens.css';
import './parts/base.css';
import App from './App.svelte';
import { chooseHost } from './host/host.ts';

const target = document.getElementById('app');
if (target !== null) mount(App, { target, props: { host: chooseHost() } });
