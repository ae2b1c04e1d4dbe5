/**
 * How the panel words what the server gives as a code: roles, actions, and the
 * fields of the log. All else the server words in English itself.
 */
export const names: Record<string, string> = {
  admin: "Admin",
  editor: "Editor",
  viewer: "Viewer",
  member: "Member",
  added: "Added",
  changed: "Changed",
  deleted: "Deleted",
  songs: "Songs",
  albums: "Albums",
  users: "Users",
  messages: "Messages",
  tokens: "Tokens",
  sessions: "Sessions",
  title: "Title",
  artist: "Artist",
  album: "Album",
  duration: "Duration",
  "release year": "Release year",
  image: "Image",
  audio: "Audio",
  email: "E-mail",
  "full name": "Full name",
  password: "Password",
  role: "Role",
  active: "Active",
  verified: "Verified",
  "second factor": "Second factor",
};
