import { describe, expect, it } from 'vitest';
import { hello, tick } from '../../../test-support/frames.ts';
import { TickWindow, type Figures } from '../../../session/tick-window.ts';
import { cellsFor, flowObject, formOf } from './flow-object.ts';

const fill = { share: 0.5, bytes: 32_768, messages: NaN };
const pipe = { ...hello, objects: hello.objects.map((object) => ({ ...object, slots: 16 })) };

function figures(change: Partial<Figures['queue']>): Figures | undefined {
  const window = new TickWindow();
  const given = tick(50, 1);
  window.push({ ...given, queue: { ...given.queue, ...change } });
  return window.figures();
}

describe('the object that is drawn', () => {
  it('has the pages of its pipe, also after the capacity was changed', () => {
    expect(flowObject('pipe', pipe, undefined, fill)).toMatchObject({ form: 'pages', slots: 16 });
    expect(flowObject('pipe', pipe, figures({ capacity_bytes: 8192 }), fill).slots).toBe(2);
  });

  it('has a place for each message where the system counts messages', () => {
    const now = figures({ capacity_bytes: null, capacity_messages: 10 });
    expect(flowObject('mq', { ...hello, objects: [] }, now, fill)).toMatchObject({
      form: 'messages',
      slots: 10,
    });
  });

  it('claims no gauges of a moment that is past', () => {
    const now = figures({ gauges: { drops: 3 } });
    expect(flowObject('udp', hello, now, fill).gauges).toEqual({ drops: 3 });
    expect(flowObject('udp', hello, undefined, fill).gauges).toEqual({});
  });

  it('is a plain buffer where nothing is known of its form', () => {
    expect(formOf('carrier_pigeon')).toBe('tank');
    expect(formOf('constructor')).toBe('tank');
  });
});

describe('cells', () => {
  it('are one for each slot, or stand for equally many where they would be too narrow', () => {
    expect(cellsFor(16, 240)).toBe(16);
    expect(cellsFor(256, 240)).toBe(37);
    expect(Math.ceil(256 / 37)).toBe(7);
    expect(cellsFor(NaN, 240)).toBe(1);
    expect(cellsFor(1, 2)).toBe(1);
  });
});
