import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import type { LinkState } from "./routeChange";

/** How long typing must rest before it counts, in milliseconds. */
const rest = 200;

interface QueryText {
  value: string;
  /** Takes what was typed; it reaches the address when typing rests. */
  type: (value: string) => void;
  /** Takes it to the address at once. */
  settle: (value?: string) => void;
}

/** Binds a field to ?q= of a view, which is the view at hand unless it is named. */
export function useQueryText(view?: string): QueryText {
  const { pathname, search, key } = useLocation();
  const navigate = useNavigate();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const path = view ?? pathname;
  const there = path === pathname;
  const current = there ? (new URLSearchParams(search).get("q") ?? "") : "";

  // What is typed stands until the address has it; after that the address counts.
  const [draft, setDraft] = useState<string>();
  const [seen, setSeen] = useState(key);
  if (seen !== key) {
    setSeen(key);
    if (draft === current) setDraft(undefined);
  }
  useEffect(() => () => clearTimeout(timer.current), [path]);

  const settle = (value = draft ?? current) => {
    clearTimeout(timer.current);
    setDraft(value);
    if (value === current) return;
    const params = new URLSearchParams(there ? search : "");
    if (value) params.set("q", value);
    else params.delete("q");
    const state: LinkState = { keepFocus: true };
    void navigate({ pathname: path, search: params.toString() }, { replace: there, state });
  };
  const type = (value: string) => {
    setDraft(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => settle(value), rest);
  };
  return { value: draft ?? current, type, settle };
}
