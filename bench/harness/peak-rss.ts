import { readFileSync } from 'node:fs';

/**
 * The most memory that this process has had at once, in bytes: all of it, the heap, buffers and code.
 *
 * Linux is asked itself: there, what Node answers is at least what the process had that started this one (in the kernel, exec_mmap hands
 * the peak of the memory before `exec` on).
 */
export function peakRss(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
