import { useEffect, useState } from "react";

/** A new picture before it is saved: none, a file, or that the old one shall go. */
type Choice = { file: File; url: string } | "clear" | undefined;

/** Chooses a picture and previews it. */
export function usePicture(stored: string | null) {
  const [choice, setChoice] = useState<Choice>();
  const url = typeof choice === "object" ? choice.url : undefined;
  useEffect(() => {
    if (url) return () => URL.revokeObjectURL(url);
  }, [url]);
  return {
    shown: choice === "clear" ? null : (url ?? stored),
    file: typeof choice === "object" ? choice.file : undefined,
    cleared: choice === "clear",
    changed: choice !== undefined,
    choose: (file: File | undefined) => {
      if (file) setChoice({ file, url: URL.createObjectURL(file) });
    },
    clear: () => setChoice(stored ? "clear" : undefined),
    reset: () => setChoice(undefined),
  };
}
