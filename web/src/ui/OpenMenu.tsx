import clsx from "clsx";
import { DropdownMenu as Radix } from "radix-ui";
import type { MenuItemProps, MenuProps } from "./Menu";

/** The menu itself, which opens at once: Menu renders it at the first click. */
export function OpenMenu({ trigger, children, align = "end" }: MenuProps) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-52 rounded-xl border border-line bg-raised p-1.5 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({ icon: Icon, children, onSelect, danger, disabled }: MenuItemProps) {
  return (
    <Radix.Item
      onSelect={onSelect}
      disabled={disabled}
      className={clsx(
        "flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-sm outline-none data-disabled:opacity-40 data-highlighted:bg-lifted",
        danger ? "text-danger" : "text-text data-highlighted:text-strong",
      )}
    >
      {Icon && <Icon aria-hidden size={16} className="shrink-0" />}
      {children}
    </Radix.Item>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1.5 h-px bg-line" />;
}
