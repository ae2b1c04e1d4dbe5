import { lazy } from "react";
import { Menu, type MenuProps } from "@/ui/Menu";

const AccountItems = lazy(() => import("./AccountItems"));

/** Everything about oneself, behind a button. */
export function AccountMenu({ trigger }: Pick<MenuProps, "trigger">) {
  return (
    <Menu trigger={trigger}>
      <AccountItems />
    </Menu>
  );
}
