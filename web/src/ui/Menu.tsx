import type { LucideIcon } from "lucide-react";
import { cloneElement, type ReactElement, type ReactNode, useState } from "react";
import { later } from "./later";

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

/** What an open menu is made of, once it has been loaded. */
let parts: typeof import("./OpenMenu") | undefined;
const OpenMenu = later(async () => (parts = await import("./OpenMenu")).OpenMenu);

/** An entry of a Menu. */
export const MenuItem = (props: MenuItemProps) => parts && <parts.MenuItem {...props} />;

/** A line between entries of a Menu. */
export const MenuSeparator = () => parts && <parts.MenuSeparator />;

/**
 * A button's menu: <Menu trigger={…}><MenuItem …/></Menu>. What it takes to
 * show one is loaded when somebody comes near, since every song has one.
 */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = cloneElement(props.trigger, {
    onClick: () => setWanted(true),
    onPointerEnter: OpenMenu.load,
    onFocus: OpenMenu.load,
    "aria-haspopup": "menu",
    "aria-expanded": false,
  });
  return wanted ? <OpenMenu {...props} before={closed} /> : closed;
}
