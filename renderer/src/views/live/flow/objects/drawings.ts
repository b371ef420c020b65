/** The component that draws each form. */
import type { Component } from 'svelte';
import type { DrawingProps, Form } from '../flow-object.ts';
import Buffers from './Buffers.svelte';
import Datagrams from './Datagrams.svelte';
import FilePages from './FilePages.svelte';
import Group from './Group.svelte';
import Mailbox from './Mailbox.svelte';
import MappedFile from './MappedFile.svelte';
import Messages from './Messages.svelte';
import Pages from './Pages.svelte';
import Pending from './Pending.svelte';
import Segment from './Segment.svelte';
import Stubs from './Stubs.svelte';
import Tank from './Tank.svelte';

export const DRAWINGS: Readonly<Record<Form, Component<DrawingProps>>> = {
  pages: Pages,
  buffers: Buffers,
  datagrams: Datagrams,
  group: Group,
  mailbox: Mailbox,
  messages: Messages,
  segment: Segment,
  mapped_file: MappedFile,
  file: FilePages,
  pending: Pending,
  stubs: Stubs,
  tank: Tank,
};
