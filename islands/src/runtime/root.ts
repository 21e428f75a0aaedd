/** The lazy half of the runtime: the only module of it that brings React. */
import { type ComponentType, createElement } from "react";
import { createRoot } from "react-dom/client";

export interface IslandRoot<Props> {
  render(props: Props): void;
  unmount(): void;
}

/** React replaces what the container holds in its first commit, so the fallback goes in the frame the island comes. */
export function openRoot<Props extends object>(
  container: Element,
  component: ComponentType<Props>,
  onCrash: (error: unknown) => void,
): IslandRoot<Props> {
  const root = createRoot(container, { onUncaughtError: onCrash });
  return {
    render: (props) => root.render(createElement(component, props)),
    unmount: () => root.unmount(),
  };
}
