import { address, ask, headers, type Query } from "./client";
import { Problem, Unreachable } from "./problem";
import { sha256Hex } from "./sha256";
import type { FileUse, Place, SentFile } from "./types";

/** A photo is shown with a watermark; a scan is a paper that somebody signed or issued. */
export type FileKind = "photo" | "scan";

/** Sends a file under its own hash; `progress` hears shares from 0 to 1. Sending it again changes nothing. */
export async function upload(file: File, slot: string, kind: FileKind, place: Place, progress: (share: number) => void): Promise<FileUse> {
  const sha256 = await sha256Hex(await file.arrayBuffer());
  await put(`/files/${sha256}`, { kind, file_name: file.name.slice(-255) }, file, progress);
  return {
    slot,
    sha256,
    captured_at: new Date(file.lastModified).toISOString(),
    sent_at: new Date().toISOString(),
    captured_where: { fix: place },
    device: device(),
  };
}

function put(path: string, query: Query, file: File, progress: (share: number) => void): Promise<SentFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address(path, query));
    for (const [name, value] of Object.entries(headers("PUT", { raw: file }))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onerror = () => reject(new Unreachable());
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status < 300) resolve(body as unknown as SentFile);
      else reject(new Problem(request.status, body));
    };
    request.send(file);
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Make of device and browser, as far as it says so itself. */
function device(): string {
  return navigator.userAgent.slice(0, 200);
}

/** Where the device says it is; a steel hall has no fix, which is no blemish. */
export function whereAmI(waitMs = 4000): Promise<Place> {
  if (!window.isSecureContext || !("geolocation" in navigator)) return Promise.resolve({ type: "no_fix" });
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          type: "gps",
          lat: coords.latitude,
          lon: coords.longitude,
          accuracy_m: coords.accuracy,
          datum: "unknown",
        }),
      () => resolve({ type: "no_fix" }),
      { enableHighAccuracy: true, timeout: waitMs, maximumAge: 60_000 },
    );
  });
}

/** Bytes of an answer as a file that the browser saves. */
export async function download(path: string, query: Record<string, string | undefined>, name: string): Promise<void> {
  const answer = await fetch(address(path, query), { headers: headers("GET", {}), credentials: "same-origin" });
  if (!answer.ok) throw new Problem(answer.status, parsed(await answer.text()));
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = named(answer.headers.get("content-disposition")) ?? name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function named(disposition: string | null): string | undefined {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  return extended ? decodeURIComponent(extended) : /filename="?([^";]+)/i.exec(disposition ?? "")?.[1];
}

/** Sends a workbook and gives the server's answer. */
export const sendWorkbook = <T>(path: string, file: File, query: Record<string, string | undefined>, idempotencyKey: string) =>
  ask<T>("POST", path, {
    raw: file,
    mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    query: { ...query, file_name: file.name },
    idempotencyKey,
  });

/** Sends a pack's archive and gives the server's answer. */
export const sendArchive = <T>(path: string, file: File) => ask<T>("POST", path, { raw: file, mediaType: "application/zip" });
