/** The lazily loaded part of the runtime, and the only one that imports React. */
import { type ComponentType, createElement } from "react";
import { createRoot } from "react-dom/client";

export interface IslandRoot<Props> {
  render(props: Props): void;
  unmount(): void;
}

/** React's first commit replaces the container's content, so the fallback is visible until the island appears. */
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
