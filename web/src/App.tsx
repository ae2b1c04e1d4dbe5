import { lazy } from "react";
import { Route, Routes } from "react-router";
import { Home } from "./features/home/Home";
import { NotFound } from "./layout/NotFound";
import { Shell } from "./layout/Shell";

// One chunk a feature. Home is part of the first, because most visits begin there.
const Album = lazy(() => import("./features/album/Album"));
const Albums = lazy(() => import("./features/album/Albums"));
const Artist = lazy(() => import("./features/artist/Artist"));
const Artists = lazy(() => import("./features/artist/Artists"));
const Songs = lazy(() => import("./features/songs/Songs"));
const SongPage = lazy(() => import("./features/songs/SongPage"));
const Search = lazy(() => import("./features/search/Search"));
const Chat = lazy(() => import("./features/chat/Chat"));
const People = lazy(() => import("./features/people/People"));
const Settings = lazy(() => import("./features/account/Settings"));
const SignIn = lazy(() => import("./features/account/SignIn"));
const Register = lazy(() => import("./features/account/Register"));
const Admin = lazy(() => import("./features/admin/Admin"));

export function App() {
  return (
    <Routes>
      <Route path="/sign-in" element={<SignIn />} />
      <Route path="/register" element={<Register />} />
      <Route path="/admin/*" element={<Admin />} />
      <Route element={<Shell />}>
        <Route index element={<Home />} />
        <Route path="/albums" element={<Albums />} />
        <Route path="/album/:id" element={<Album />} />
        <Route path="/artists" element={<Artists />} />
        <Route path="/artist/:name" element={<Artist />} />
        <Route path="/songs" element={<Songs />} />
        <Route path="/song/:id" element={<SongPage />} />
        <Route path="/search" element={<Search />} />
        <Route path="/friends" element={<People />} />
        <Route path="/chat/:person?" element={<Chat />} />
        <Route path="/settings/*" element={<Settings />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
