import { create } from "zustand";

/** The address of the song whose preview plays; one plays at a time. */
export const usePreviewed = create<{ source: string | undefined }>(() => ({ source: undefined }));

const audio = new Audio();
audio.onpause = audio.onended = audio.onerror = () => usePreviewed.setState({ source: undefined });

export function stopPreview(): void {
  audio.pause();
}

export function startPreview(source: string): void {
  audio.src = source;
  audio.play().then(
    () => usePreviewed.setState({ source }),
    () => usePreviewed.setState({ source: undefined }),
  );
}
