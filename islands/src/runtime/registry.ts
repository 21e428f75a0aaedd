import type { IslandDefinition } from "./definition";
import { IslandElement } from "./island-element";

/** Turns every `<tag>` in the document, now and later, into an island. */
export function defineIsland<Props extends object>(definition: IslandDefinition<Props>): void {
  customElements.define(
    definition.tag,
    class extends IslandElement<Props> {
      static readonly observedAttributes = definition.observed;
      protected override readonly definition = definition;
    },
  );
}
