import { type ComponentType, lazy } from "react";
import { matchPath, Route, Routes } from "react-router";
import { Home } from "./features/home/Home";
import { NotFound } from "./layout/NotFound";
import { Shell } from "./layout/Shell";

type Load = () => Promise<{ default: ComponentType }>;

const together = () => import("./features/together/together");
const view = (path: string, load: Load) => ({ path, load, View: lazy(load) });

// One chunk a feature. Home is part of the first, because most visits begin there.
const alone = [
  view("/sign-in", () => import("./features/account/SignIn")),
  view("/register", () => import("./features/account/Register")),
  view("/forgot-password", () => import("./features/account/ForgotPassword")),
  view("/reset-password", () => import("./features/account/ResetPassword")),
  view("/verify-email", () => import("./features/account/VerifyEmail")),
  view("/admin/*", () => import("./features/admin/Admin")),
];
const inShell = [
  view("/albums", () => import("./features/album/Albums")),
  view("/album/:id", () => import("./features/album/Album")),
  view("/artists", () => import("./features/artist/Artists")),
  view("/artist/:name", () => import("./features/artist/Artist")),
  view("/songs", () => import("./features/songs/Songs")),
  view("/song/:id", () => import("./features/songs/SongPage")),
  view("/search", () => import("./features/search/Search")),
  view("/friends", () => together().then((m) => ({ default: m.People }))),
  view("/chat/:person?", () => together().then((m) => ({ default: m.Chat }))),
  view("/settings/*", () => import("./features/account/Settings")),
];

/** Loads the view at a path, so that it need not be waited for once the app is shown. */
export async function loadView(pathname: string): Promise<void> {
  await [...alone, ...inShell].find(({ path }) => matchPath(path, pathname))?.load();
}

const routes = (views: typeof alone) => views.map(({ path, View }) => <Route key={path} path={path} element={<View />} />);

export function App() {
  return (
    <Routes>
      {routes(alone)}
      <Route element={<Shell />}>
        <Route index element={<Home />} />
        {routes(inShell)}
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
