import type { ComponentType } from "react";

/** An island's custom element: its tag, its attributes, and its component, loaded on demand. */
export interface IslandDefinition<Props extends object> {
  readonly tag: string;
  /** Attributes that re-render a mounted island when they change. */
  readonly observed: readonly string[];
  props(element: HTMLElement): Props;
  load(): Promise<ComponentType<Props>>;
}

export const ISLAND_FAILED = "island:failed";

/** Detail of `island:failed`, which bubbles from an island that failed to load or crashed and shows its fallback. */
export interface IslandFailure {
  retry: () => void;
}
