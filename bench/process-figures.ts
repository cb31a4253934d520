import type { ServiceProcess } from '../test/support/service-process.ts';

/** What a service's process says of itself: CPU seconds since it began, and bytes that it holds. */
export async function processFigures({ url }: ServiceProcess): Promise<{ readonly cpu: number; readonly rss: number }> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const of = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(page)?.[1]);
  return { cpu: of('process_cpu_seconds_total'), rss: of('process_resident_memory_bytes') };
}
