/** The browser drives the lifecycle: an island is mounted while its element is in the document. */
import { afterPaint } from "../dom";
import { ISLAND_FAILED, type IslandDefinition, type IslandFailure } from "./definition";
import type { IslandRoot } from "./root";

export abstract class IslandElement<Props extends object> extends HTMLElement {
  protected abstract readonly definition: IslandDefinition<Props>;
  #root: IslandRoot<Props> | undefined;
  #fallback: ChildNode[] = [];
  #loading = false;

  connectedCallback(): void {
    void this.#mount();
  }

  /** `moveBefore` calls this instead of disconnecting: the island stays mounted. */
  connectedMoveCallback(): void {}

  attributeChangedCallback(): void {
    this.#root?.render(this.definition.props(this));
  }

  /** Other moves disconnect and reconnect synchronously; unmounts only if the element stays disconnected. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.#unmount();
    });
  }

  async #mount(): Promise<void> {
    if (this.#root || this.#loading) return;
    this.#loading = true;
    try {
      await afterPaint();
      const [{ openRoot }, component] = await Promise.all([import("./root"), this.definition.load()]);
      if (!this.isConnected) return;
      const props = this.definition.props(this);
      this.#fallback = [...this.childNodes];
      this.#root = openRoot(this, component, (error) => this.#crash(error));
      this.#root.render(props);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#loading = false;
    }
  }

  #unmount(): void {
    this.#root?.unmount();
    this.#root = undefined;
  }

  #crash(error: unknown): void {
    queueMicrotask(() => {
      this.#unmount();
      this.replaceChildren(...this.#fallback);
      this.#fail(error);
    });
  }

  /** The fallback stays readable; the page reports the failure and offers a retry. */
  #fail(error: unknown): void {
    console.error(error);
    const detail: IslandFailure = { retry: () => void (this.isConnected && this.#mount()) };
    this.dispatchEvent(new CustomEvent(ISLAND_FAILED, { detail, bubbles: true }));
  }
}
