import { later } from "@/ui/later";
import { Menu, type MenuProps } from "@/ui/Menu";

const AccountItems = later(() => import("./AccountItems").then((m) => m.default));

/** Everything about oneself, behind a button. */
export function AccountMenu({ trigger }: Pick<MenuProps, "trigger">) {
  return (
    <Menu trigger={trigger}>
      <AccountItems />
    </Menu>
  );
}
