/**
 * The command line of a Linux kernel: what the kernel reads, then `--`, then what init reads.
 *
 * @module
 */

/** What the command line says. */
export interface KernelLine {
  /** How the kernel finds its root file system; nothing for an initrd that it is given. */
  readonly root?: string | undefined;
  readonly processors: number;
  readonly serialConsole: boolean;
  readonly graphics: boolean;
  readonly pci: boolean;
  readonly kernelOptions?: string | undefined;
  /** The program of the guest and its arguments. */
  readonly guestCommand: string;
  /** Makes /var and /etc of a disk writable. */
  readonly writableOverlay: boolean;
}

/** The vsock ports that init reads entropy from, and that the errors of the guest service go to. */
const entropyPort = 1;
const logPort = 109;

export function kernelLine(line: KernelLine): string {
  const watched = line.serialConsole || line.graphics;
  const kernel = [
    line.root,
    'initcall_blacklist=virtio_vsock_init', // Hyper-V sockets are the transport, not virtio
    line.serialConsole
      ? '8250_core.nr_uarts=1 8250_core.skip_txen_test=1 console=ttyS0,115200'
      : '8250_core.nr_uarts=0',
    line.graphics ? 'console=tty' : undefined,
    watched ? undefined : 'panic=-1 quiet', // who watches reads the panic
    line.kernelOptions,
    line.pci ? undefined : 'pci=off',
    `nr_cpus=${line.processors}`,
    'brd.rd_nr=0 pmtmr=0',
  ];
  const guest = `/bin/vsockexec -e ${logPort} ${line.guestCommand}`;
  const init = [
    `-e ${entropyPort}`,
    line.writableOverlay ? '-w' : undefined,
    watched ? `sh -c "${guest} & exec sh"` : guest,
  ];
  return [...kernel, '--', ...init].filter((part) => part !== undefined).join(' ');
}
