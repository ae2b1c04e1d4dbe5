import { later } from "./later";
import { useNotices } from "./toast";

const Notices = later(() => import("./Notices").then((m) => m.default));

/** Where notices appear; once, in each shell. Loaded with the first of them. */
export function Toaster() {
  const any = useNotices((s) => s.ever);
  return any ? <Notices /> : null;
}
