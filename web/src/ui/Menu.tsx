import type { LucideIcon } from "lucide-react";
import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from "react";

export interface MenuProps {
  /** The button. */
  trigger: ReactElement<TriggerProps>;
  children: ReactNode;
  align?: "start" | "end";
}

interface TriggerProps {
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
}

export interface MenuItemProps {
  icon?: LucideIcon;
  children: ReactNode;
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
}

const load = () => import("./OpenMenu");
const OpenMenu = lazy(() => load().then((m) => ({ default: m.OpenMenu })));

/** An entry of a Menu. */
export const MenuItem = lazy(() => load().then((m) => ({ default: m.MenuItem })));

/** A line between entries of a Menu. */
export const MenuSeparator = lazy(() => load().then((m) => ({ default: m.MenuSeparator })));

/**
 * A button's menu: <Menu trigger={…}><MenuItem …/></Menu>. What it takes to
 * show one is loaded when somebody comes near, since every song has one.
 */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const near = () => void load();
  const closed = cloneElement(props.trigger, {
    onClick: () => setWanted(true),
    onPointerEnter: near,
    onFocus: near,
    "aria-haspopup": "menu",
    "aria-expanded": false,
  });
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <OpenMenu {...props} />
    </Suspense>
  );
}
