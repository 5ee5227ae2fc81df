// Who else drives HCS and HNS on this machine.
import type { Check, Facts } from '../check.js';
import { networks, service, systems } from '../questions.js';
import { askFor, valueOf } from '../read-answer.js';
import { isNetworks, isService, isSystems } from '../shapes.js';

/** Services of others, and whether they make networks of type nat for containers. */
const services = [
  { name: 'docker', product: 'Docker Engine', makesNat: true },
  { name: 'com.docker.service', product: 'Docker Desktop', makesNat: true },
  { name: 'containerd', product: 'containerd', makesNat: true },
  { name: 'WSLService', product: 'WSL', makesNat: false },
  { name: 'LxssManager', product: 'WSL of Windows', makesNat: false },
  { name: 'CmService', product: 'Windows containers of Defender and Sandbox', makesNat: false },
] as const;

export const otherServices: readonly string[] = services.map(({ name }) => name);

const running = 4;

export const neighbours: Check = {
  id: 'neighbours',
  title: 'other users of HCS and HNS',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  blocks: [],
  rule:
    'The services of Docker, containerd, WSL and Windows Sandbox, and the owners of systems: who runs is said, not judged. Two engines that ' +
    'share the one network of type nat are a warning: each makes it anew at its start.',
  source: 'moby/moby daemon/daemon_windows.go initNetworkController; docker/for-win#726',
  date: '2026-08-23',
  async find(facts) {
    const [found, owners] = await Promise.all([
      Promise.all(services.map(({ name }) => askFor(facts, service(name), isService))),
      ownersOf(facts),
    ]);
    const others = services.filter((_, at) => found[at]?.state === running);
    const engines = others.filter(({ makesNat }) => makesNat);
    const note = [...others.map(({ product }) => product), ...owners].join(', ') || 'none';
    if (engines.length < 2 || !facts.goals.includes('network')) return { outcome: 'ok', note };
    const all = valueOf(networks, await facts.ask(networks), isNetworks);
    if (all.filter(({ type }) => /^nat$/i.test(type)).length !== 1) return { outcome: 'ok', note };
    return {
      outcome: 'warning',
      cause: `${engines.map(({ product }) => product).join(' and ')} run, and there is one network of type nat: each may delete it and make it anew.`,
      remedy: `Give each its own network, or keep one of them from starting: Set-Service ${engines.at(-1)!.name} -StartupType Manual`,
      note,
    };
  },
};

const mostOwners = 8;

/** Who has systems, and how many. What cannot be listed is not judged. */
async function ownersOf(facts: Facts): Promise<string[]> {
  const answer = await facts.ask(systems);
  if (!('value' in answer) || !isSystems(answer.value)) return ['systems could not be listed'];
  const counts = new Map<string, number>();
  for (const { owner } of answer.value) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return [...counts].slice(0, mostOwners).map(([owner, count]) => `${count} of ${owner === '' ? 'nobody' : owner}`);
}
