/**
 * What is to run: all that `run` was told, checked, in a form that goes to another process as well.
 *
 * @module
 */

export interface Mount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readOnly: boolean;
}

/** A named pipe of the host. */
export interface PipeMount {
  readonly hostPath: string;
  readonly containerPipeName: string;
}

/** What the writable layer of a container stands on. */
export type Source =
  | { readonly kind: 'image'; readonly reference: string }
  /** Absolute folders, the nearest first. */
  | { readonly kind: 'layers'; readonly folders: readonly string[] }
  /** JSON of a whole system. */
  | { readonly kind: 'document'; readonly text: string };

export interface RunPlan {
  readonly id: string;
  readonly owner: string;
  readonly root: string;
  readonly source: Source;
  /** The words of the guest; none for those of the image. */
  readonly command: readonly string[];
  readonly isolation: 'process' | 'hyperv';
  readonly memoryMiB?: number;
  readonly cpus?: number;
  readonly mounts: readonly Mount[];
  readonly pipes: readonly PipeMount[];
  /** `none`, `nat`, or the name or id of a network that is there. */
  readonly network: string;
  readonly ports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly user?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the first process gets an input. */
  readonly interactive: boolean;
  /** The size of its console. */
  readonly tty: { readonly rows: number; readonly columns: number } | null;
  readonly detached: boolean;
  readonly remove: boolean;
}
