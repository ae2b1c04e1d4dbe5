import { act, Component, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { later } from "./later";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

async function show(node: ReactNode): Promise<HTMLElement> {
  const box = document.createElement("div");
  await act(() => createRoot(box).render(node));
  return box;
}

const Name = ({ name }: { name: string }) => <b>{name}</b>;

test("shows what stands before it until it is there", async () => {
  let arrive: (component: typeof Name) => void = () => undefined;
  const Later = later(() => new Promise<typeof Name>((resolve) => (arrive = resolve)));
  const box = await show(<Later name="Ada" before="…" />);
  expect(box.textContent).toBe("…");
  await act(async () => arrive(Name));
  expect(box.innerHTML).toBe("<b>Ada</b>");
});

test("is loaded once, and shows at once when it was loaded ahead", async () => {
  const source = vi.fn(() => Promise.resolve(Name));
  const Later = later(source);
  Later.load();
  await source.mock.results[0]?.value;
  const [first, second] = [await show(<Later name="Ada" />), await show(<Later name="Bo" />)];
  expect(first.textContent + second.textContent).toBe("AdaBo");
  expect(source).toHaveBeenCalledTimes(1);
});

test("leaves it to the boundary around it that it cannot be loaded", async () => {
  class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
    override state: { error?: Error } = {};
    static getDerivedStateFromError(error: Error) {
      return { error };
    }
    override render() {
      return this.state.error?.message ?? this.props.children;
    }
  }
  const Later = later<object>(() => Promise.reject(new Error("offline")));
  Later.load(); // tells nobody
  const complaints = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const box = await show(
    <Boundary>
      <Later />
    </Boundary>,
  );
  expect(box.textContent).toBe("offline");
  complaints.mockRestore();
});
