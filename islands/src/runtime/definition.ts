import type { ComponentType } from "react";

/** What the runtime must know of an island: its element, when it changes, and where its component is. */
export interface IslandDefinition<Props extends object> {
  readonly tag: string;
  /** Attributes the server may change under a living island. */
  readonly observed: readonly string[];
  props(element: HTMLElement): Props;
  load(): Promise<ComponentType<Props>>;
}

export const ISLAND_FAILED = "island:failed";

/** Detail of `island:failed`, which bubbles from an island that shows its server-rendered fallback for good. */
export interface IslandFailure {
  retry: () => void;
}
