import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	hkdfSync,
	randomBytes,
} from "node:crypto";

/** Secret keys by version; the highest version seals, all of them open. */
export type MasterKeys = ReadonlyMap<number, Buffer>;

/**
 * Everything that is encrypted, derived or looked up by a secret goes through here.
 * `purpose` separates uses: a value made for one purpose is nothing for another (security E5).
 */
export interface Keyring {
	/** The version that seals now. */
	readonly version: number;
	/** AES-256-GCM under the newest key; `context` is bound in and must be given again to `open`. */
	seal(purpose: string, text: string, context: string): string;
	/** The sealed text, or undefined for anything that was not sealed so. Never throws. */
	open(purpose: string, sealed: string, context: string): string | undefined;
	/** HMAC-SHA-256 under key `version` (default newest), base64url; undefined if that version is unknown. */
	derive(purpose: string, text: string, version?: number): string | undefined;
	/** As `derive`, for every known version, newest first: for looking records up across a key change. */
	deriveAll(purpose: string, text: string): string[];
}

const FORMAT = "ep";

/** A keyring over `keys` (32 bytes each). Throws when there is none. */
export function createKeyring(keys: MasterKeys): Keyring {
	const versions = [...keys.keys()].sort((a, b) => b - a);
	const newest = versions[0];
	if (newest === undefined) throw new Error("a keyring needs at least one key");
	const derived = new Map<string, Buffer>();

	function keyFor(version: number, purpose: string): Buffer | undefined {
		const name = `${version}:${purpose}`;
		const known = derived.get(name);
		if (known !== undefined) return known;
		const master = keys.get(version);
		if (master === undefined) return undefined;
		const key = Buffer.from(
			hkdfSync("sha256", master, "", `entryphone ${purpose}`, 32),
		);
		derived.set(name, key);
		return key;
	}

	function hmac(
		version: number,
		purpose: string,
		text: string,
	): string | undefined {
		const key = keyFor(version, `derive ${purpose}`);
		return key && createHmac("sha256", key).update(text).digest("base64url");
	}

	return {
		version: newest,
		seal(purpose, text, context) {
			const key = keyFor(newest, `seal ${purpose}`) as Buffer;
			const nonce = randomBytes(12);
			const cipher = createCipheriv("aes-256-gcm", key, nonce);
			cipher.setAAD(Buffer.from(context));
			const body = Buffer.concat([
				nonce,
				cipher.update(text, "utf8"),
				cipher.final(),
				cipher.getAuthTag(),
			]);
			return `${FORMAT}${newest}.${body.toString("base64url")}`;
		},
		open(purpose, sealed, context) {
			const parts = /^ep(\d{1,6})\.([A-Za-z0-9_-]{38,})$/.exec(sealed);
			if (parts === null) return undefined;
			const key = keyFor(Number(parts[1]), `seal ${purpose}`);
			if (key === undefined) return undefined;
			const body = Buffer.from(parts[2] as string, "base64url");
			if (body.length < 28) return undefined;
			const decipher = createDecipheriv(
				"aes-256-gcm",
				key,
				body.subarray(0, 12),
			);
			decipher.setAAD(Buffer.from(context));
			decipher.setAuthTag(body.subarray(body.length - 16));
			try {
				const text = decipher.update(body.subarray(12, body.length - 16));
				return Buffer.concat([text, decipher.final()]).toString("utf8");
			} catch {
				return undefined;
			}
		},
		derive: (purpose, text, version = newest) => hmac(version, purpose, text),
		deriveAll: (purpose, text) =>
			versions.flatMap((version) => hmac(version, purpose, text) ?? []),
	};
}
