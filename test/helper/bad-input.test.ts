/** Bad flags are answered by one typed error with the allowed range, and exit code 2; nothing is started. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ask, helper, leftovers, RunningHelper } from '../support/helper.ts';

describe('a bad command line', () => {
  it.each([
    [['run', 'smoke'], 'unknown_mechanism', /pipe/],
    [['run', 'pipe', '--colour', 'red'], 'unknown_flag', /--size/],
    [['run', 'pipe', '--size'], 'missing_value', /./],
    [['run', 'pipe', '--size', '0'], 'out_of_range', /1\.\.16777216/],
    [['run', 'pipe', '--size', '16777217'], 'out_of_range', /1\.\.16777216/],
    [['run', 'pipe', '--size', 'big'], 'not_a_number', /1\.\.16777216/],
    [['run', 'pipe', '--size', '64x'], 'not_a_number', /./],
    [['run', 'pipe', '--size', '99999999999999999999999'], 'out_of_range', /./],
    [['run', 'pipe', '--rate', '-1'], 'out_of_range', /0\.\./],
    [['run', 'pipe', '--pattern', 'chorus'], 'not_a_choice', /stream/],
    [['run', 'pipe', '--verify', 'maybe'], 'not_a_choice', /sequence/],
    [['run', 'shm', '--sync', 'prayer'], 'not_a_choice', /futex/],
    [['run', 'unix', '--kind', 'raw'], 'not_a_choice', /stream, datagram, seqpacket/],
    [['run', 'unix', '--address', 'street'], 'not_a_choice', /abstract, path/],
    [['run', 'unix', '--kind', 'seqpacket', '--size', '16777216'], 'out_of_range', /^1\.\.\d+$/],
    [['run', 'unix', '--kind', 'datagram', '--size', '16777216'], 'out_of_range', /^1\.\.\d+$/],
    [['run', 'udp', '--size', '65508'], 'out_of_range', /1\.\.65507/],
    [['run', 'multicast', '--size', '65508'], 'out_of_range', /1\.\.65507/],
    [['run', 'multicast', '--pattern', 'pingpong'], 'not_a_choice', /broadcast, stream, fan_in/],
    [['run', 'multicast', '--consumers', '65'], 'out_of_range', /0\.\.64/],
    [['run', 'multicast', '--capacity', '99999999999'], 'out_of_range', /0\.\.\d+/],
    [['run', 'mailbox', '--size', '16777216'], 'out_of_range', /^1\.\.\d+$/],
    [['run', 'mailbox', '--capacity', '99999999999'], 'out_of_range', /0\.\.\d+/],
    [['run', 'mailbox', '--address', 'street'], 'not_a_choice', /path, abstract/],
    [['run', 'tcp', '--receive', 'select'], 'not_a_choice', /call, poll, epoll/],
    [['run', 'shm', '--receive', 'poll'], 'unknown_flag', /--sync/],
    [['run', 'pipe', '--sync', 'futex'], 'unknown_flag', /./],
    [['run', 'mmap', '--sync', 'prayer'], 'not_a_choice', /futex/],
    [['run', 'mmap', '--size', '65', '--capacity', '127'], 'out_of_range', /128\.\./],
    [['run', 'file', '--size', '65', '--capacity', '127'], 'out_of_range', /128\.\./],
    [['run', 'file', '--sync', 'futex'], 'unknown_flag', /./],
    [['run', 'fifo', '--capacity', '99999999999'], 'out_of_range', /0\.\.\d+/],
    [['run', 'pipe', '--blocking', 'yes'], 'not_a_choice', /true/],
    [['run', 'pipe', '--placement', 'moon'], 'not_a_choice', /apart/],
    [['run', 'pipe', '--placement', '0,4711'], 'out_of_range', /./],
    [['run', 'pipe', '--capacity', '99999999999'], 'out_of_range', /0\.\.\d+/],
    [['run', 'pipe', '--tick', '1'], 'out_of_range', /10\.\.1000/],
    [['run', 'mq', '--kind', 'letters'], 'not_a_choice', /posix, sysv/],
    [['run', 'mq', '--priority', '32768'], 'out_of_range', /^0\.\.32767$/],
    [['run', 'mq', '--kind', 'sysv', '--priority', '1'], 'not_supported', /^0$/],
    [['run', 'mq', '--size', '16777217'], 'out_of_range', /^1\.\.\d+$/],
    [['run', 'shm', '--buffering', 'letterbox'], 'not_a_choice', /^bounded, rendezvous$/],
    [['run', 'shm', '--buffering', 'rendezvous'], 'not_supported', /^mutex, semaphore$/],
    [['run', 'mmap', '--buffering', 'rendezvous', '--sync', 'spin'], 'not_supported', /^mutex, semaphore$/],
    [
      ['run', 'shm', '--buffering', 'rendezvous', '--sync', 'mutex', '--capacity', '4096'],
      'not_supported',
      /^0$/,
    ],
    [['run', 'file', '--buffering', 'rendezvous'], 'unknown_flag', /./],
    [['run', 'rpc', '--pattern', 'stream'], 'not_a_choice', /pingpong/],
    [['run', 'rpc', '--kind', 'pigeon'], 'not_a_choice', /tcp, udp, unix/],
    [['run', 'rpc', '--procedure', 'multiply'], 'not_a_choice', /echo, sum, describe/],
    [['run', 'rpc', '--capacity', '4096'], 'unknown_flag', /--kind/],
    [['run', 'rpc', '--kind', 'udp', '--size', '65161'], 'out_of_range', /1\.\.65160/],
    [['run', 'signal', '--kind', 'smoke'], 'not_a_choice', /realtime, standard/],
    [['run', 'signal', '--size', '9'], 'out_of_range', /^0\.\.8$/],
    [['run', 'signal', '--size', '4'], 'out_of_range', /^8\.\.8$/],
    [['run', 'signal', '--kind', 'standard', '--size', '8'], 'out_of_range', /^1\.\.1$/],
    [['run', 'signal', '--kind', 'standard', '--capacity', '2'], 'out_of_range', /^0\.\.1$/],
    [['run', 'signal', '--kind', 'standard', '--pattern', 'fan_in'], 'not_supported', /^realtime$/],
    [['run', 'signal', '--capacity', '1000000001'], 'out_of_range', /^0\.\.\d+$/],
    [['run', 'signal', '--pattern', 'broadcast'], 'not_a_choice', /fan_in/],
    [['run', 'pipe', '--pattern', 'dialogue', '--rate', '5'], 'not_supported', /^0$/],
    [['run', 'pipe', '--pattern', 'dialogue', '--warmup', '5'], 'not_supported', /^0$/],
    [['run', 'pipe', '--pattern', 'dialogue', '--consumer-delay', '5'], 'not_supported', /^0$/],
    [['run', 'pipe', '--pattern', 'dialogue', '--stats', 'false'], 'not_supported', /^true$/],
    [['run', 'pipe', '--pattern', 'dialogue', '--size', '24'], 'out_of_range', /^25\.\.1024$/],
    [['run', 'tcp', '--pattern', 'dialogue', '--size', '1025'], 'out_of_range', /^25\.\.1024$/],
    [['run', 'pipe', '--pattern', 'dialogue', '--producers', '2'], 'out_of_range', /^1\.\.1$/],
    [['run', 'mq', '--pattern', 'dialogue', '--kind', 'sysv'], 'not_supported', /^posix$/],
    [['run', 'shm', '--pattern', 'dialogue'], 'not_a_choice', /pingpong/],
    [['dance'], 'unknown_command', /run/],
    [['rpc'], 'unknown_command', /serve, call/],
    [['rpc', 'serve', '--port', '65536'], 'out_of_range', /0\.\.65535/],
    [['rpc', 'serve', '--port', 'http'], 'not_a_number', /0\.\.65535/],
    [['rpc', 'serve', '--kind', 'unix'], 'not_a_choice', /tcp, udp/],
    [['rpc', 'serve', '--colour', 'red'], 'unknown_flag', /--port/],
    [['rpc', 'serve', '--port'], 'missing_value', /--kind/],
    [['rpc', 'call'], 'missing_value', /1\.\.65535/],
    [['rpc', 'call', '--port', '0'], 'out_of_range', /1\.\.65535/],
    [['rpc', 'call', '--port', '9', '--procedure', 'multiply'], 'not_a_choice', /sum/],
    [['rpc', 'call', '--port', '9', '--numbers', '1,two'], 'not_a_number', /\.\./],
    [['rpc', 'call', '--port', '9', '--numbers', '9223372036854775808'], 'out_of_range', /\.\./],
    [['rpc', 'call', '--port', '9', '--name', 'n'.repeat(65)], 'out_of_range', /0\.\.64/],
  ])('%j is %s', async (args, code, allowed) => {
    const { frames, code: exit } = await ask(...args);
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({ t: 'error', fatal: true, code });
    expect(frames[0]?.t === 'error' && frames[0].allowed).toMatch(allowed);
    expect(exit).toBe(2);
  });

  it('a message that a socket does not take names the buffer that bounds it, and who can raise it', async () => {
    const { frames } = await ask('run', 'unix', '--kind', 'datagram', '--capacity', '4096', '--size', '8161');
    const [error] = frames;
    if (error?.t !== 'error') throw new Error('no error frame');
    expect(error.message).toMatch(/SO_SNDBUF.* of 8192 bytes.* 8160 bytes/);
    expect(error.remedy).toMatch(/net\.core\.wmem_max/);
    expect(error).toMatchObject({ where: '--size', value: '8161', allowed: '1..8160', errno: 'EMSGSIZE' });
  });

  it('a message beyond every limit is told whose limit it is, and how it is raised', async () => {
    const { frames } = await ask('run', 'mq', '--size', '16777217');
    expect(frames[0]).toMatchObject({
      where: '--size',
      message: expect.stringMatching(
        /posix (\/proc\/sys\/fs\/mqueue\/msgsize_max|RLIMIT_MSGQUEUE|HARD_MSGSIZEMAX) allows \d+ .*sysv \/proc\/sys\/kernel\/msgm\w+ allows \d+ \(raised by sysctl -w kernel\.msgm/,
      ),
    });
  });

  it.each([
    ['multicast', /net\/core\/[rw]mem_max allows \d+ \(raised by sysctl -w net\.core\.[rw]mem_max=N\)/],
    ['mailbox', /net\/core\/wmem_max allows \d+ \(raised by sysctl -w net\.core\.wmem_max=N\)/],
    ['unix', /\/proc\/sys\/net\/core\/wmem_max allows \d+ \(raised by sysctl -w net\.core\.wmem_max=N\)/],
    [
      'tcp',
      /\/proc\/sys\/net\/core\/[rw]mem_max allows \d+ \(raised by sysctl -w net\.core\.[rw]mem_max=N\)/,
    ],
    [
      'udp',
      /\/proc\/sys\/net\/core\/[rw]mem_max allows \d+ \(raised by sysctl -w net\.core\.[rw]mem_max=N\)/,
    ],
  ])('%s: a capacity beyond what the system gives names the limit', async (mechanism, limit) => {
    const { frames, code } = await ask('run', mechanism, '--capacity', '4294967296');
    expect(frames[0]).toMatchObject({
      t: 'error',
      code: 'out_of_range',
      where: '--capacity',
      allowed: expect.stringMatching(/^0\.\.\d+$/),
      message: expect.stringMatching(limit),
    });
    expect(code).toBe(2);
  });

  it('more connections than this process may open files is told by the limit that it is', async () => {
    const script = 'ulimit -n 60; exec "$@"';
    const { stdout } = spawnSync(
      'bash',
      ['-c', script, 'bash', helper, 'run', 'tcp', '--pattern', 'fan_in', '--producers', '64'],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
      t: 'error',
      fatal: true,
      code: 'limit_reached',
      where: 'RLIMIT_NOFILE',
      allowed: '1..60',
    });
  });

  it('queues beyond RLIMIT_MSGQUEUE are refused before the start, alone or with those of other sessions', async () => {
    const limited = (bytes: number, ...args: string[]): unknown => {
      // bash: a plain sh need not know -q.
      const script = 'ulimit -q "$1"; shift; exec "$@"';
      const { stdout } = spawnSync(
        'bash',
        ['-c', script, 'bash', String(bytes), helper, 'run', 'mq', ...args],
        {
          encoding: 'utf8',
        },
      );
      return JSON.parse(stdout.split('\n')[0] ?? '');
    };
    const refusal = {
      t: 'error',
      code: 'limit_reached',
      where: 'RLIMIT_MSGQUEUE',
      remedy: expect.stringContaining('ulimit -q'),
    };
    // Ten messages of 64 bytes, and 96 bytes for each that the kernel counts besides.
    expect(limited(1599)).toMatchObject({ ...refusal, value: '1600', allowed: '1..1599' });
    const running = new RunningHelper(['run', 'mq', '--duration', '0']);
    try {
      await running.until(() => running.of('hello')[0]);
      expect(limited(3000)).toMatchObject({ ...refusal, errno: 'EMFILE' });
    } finally {
      running.say('stop');
      await running.ended;
    }
  });

  it('starts nothing and leaves nothing', () => {
    expect(leftovers()).toEqual([]);
  });
});
