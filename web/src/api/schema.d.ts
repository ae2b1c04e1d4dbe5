// Generated from the server's OpenAPI document by types.mjs: run npm run types.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        WebSession: {
            /** @description null if nobody is signed in */
            me: components["schemas"]["WebMe"] | null;
            /**
             * @description of the server
             * @example 1.0.0
             */
            version: string;
            /** @description whoever is not signed in sees nothing */
            private: boolean;
        };
        WebMe: {
            /** @example user_2wK7maurice */
            id: string;
            /** @example Maurice Ravel */
            name: string;
            /** @example /media/user_images/maurice.jpg */
            image: string | null;
            email: string;
            /** @description the e-mail is known to be the caller's */
            verified: boolean;
            /** @enum {string} */
            role: "member" | "viewer" | "editor" | "admin";
            /** @enum {string} */
            activityVisibleTo: "everyone" | "acquaintances" | "nobody";
            /** @description the caller is asked for one when he signs in */
            secondFactor: boolean;
            /** @description the caller has a role, which waits until he has a second factor */
            restricted: boolean;
            /** Format: date-time */
            joinedAt: string;
        };
        WebSignIn: {
            /** @example 12 */
            id: number;
            /** @enum {string} */
            kind: "session" | "token";
            /**
             * @description what signed in, as it called itself
             * @example Mozilla/5.0
             */
            label: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description of a token
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description of a session
             */
            expiresAt: string | null;
            /** @description this request came by it */
            current: boolean;
        };
        WebCeremony: {
            /** @description for navigator.credentials, binary values in base64url */
            options: unknown;
            /** @description to come back with */
            state: string;
        };
        WebFactors: {
            /**
             * @description there is one: changes ask for it; who signs in elsewhere may have none
             * @example true
             */
            password: boolean;
            /** @description there is an authenticator app */
            totp: boolean;
            /** @description the oldest first */
            passkeys: components["schemas"]["WebPasskey"][];
            /**
             * @description how many are left
             * @example 10
             */
            recoveryCodes: number;
        };
        WebPasskey: {
            /** @example 3 */
            id: number;
            /** @example Phone */
            name: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        WebNewTOTP: {
            /**
             * @description in base 32
             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            secret: string;
            /** @example otpauth://totp/Antiphon:erik@example.org?secret=JBSWY3DPEHPK3PXP */
            url: string;
            /** @description the same as a picture, in a data URL */
            qr: string;
        };
        WebRecovery: {
            /**
             * @description each stands in for the second factor once; empty if there were some already
             * @example [
             *       "hq3w-9xkd-27fn-m4tr"
             *     ]
             */
            codes: string[];
        };
        WebAddedPasskey: {
            /** @example 3 */
            id: number;
            /** @example Phone */
            name: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
            /**
             * @description shown once; empty if there were some already
             * @example [
             *       "hq3w-9xkd-27fn-m4tr"
             *     ]
             */
            recoveryCodes: string[];
        };
        WebSignInOptions: {
            /**
             * @description who may get an account by himself
             * @enum {string}
             */
            registration: "open" | "invite" | "closed";
            /**
             * @description of e-mail addresses that may register; empty for all
             * @example [
             *       "example.org"
             *     ]
             */
            domains: string[];
            /** @description where else one may sign in */
            providers: components["schemas"]["WebProvider"][];
        };
        WebProvider: {
            /** @example company */
            name: string;
            /**
             * @description what people call it
             * @example Example Ltd.
             */
            label: string;
            /**
             * @description the path to send the browser to; return=/path brings it back there
             * @example /web/api/oidc/company/start
             */
            start: string;
        };
        WebInvitation: {
            /** @description the address that has to register */
            email: string;
            /** @enum {string} */
            role: "member" | "viewer" | "editor" | "admin";
        };
        WebElsewhere: {
            /**
             * @description where the browser has to go
             * @example https://login.example.org/authorize?client_id=antiphon
             */
            url: string;
        };
        WebIdentity: {
            /** @example 3 */
            id: number;
            /**
             * @description its name
             * @example company
             */
            provider: string;
            /** @description that the provider knew, if it did */
            email: string;
            /** Format: date-time */
            createdAt: string;
        };
        WebHome: {
            /** @description six songs to show first */
            featured: components["schemas"]["WebSong"][];
            /** @description four songs for the caller */
            madeForYou: components["schemas"]["WebSong"][];
            /** @description four songs heard most at present */
            trending: components["schemas"]["WebSong"][];
            /** @description up to eight songs that the caller heard last; none for nobody */
            recent: components["schemas"]["WebSong"][];
            /** @description the eight newest */
            albums: components["schemas"]["WebAlbum"][];
        };
        WebSong: {
            /** @example 17 */
            id: number;
            title: string;
            artist: string;
            /** @example 4 */
            albumId: number | null;
            albumTitle: string | null;
            /**
             * @description a path or, of a CDN, a URL, which takes size=64, 160, 300, 640 or 1200 and may have a query; or a URL of elsewhere
             * @example /media/song_images/satie.jpg
             */
            image: string;
            /**
             * @description likewise without sizes
             * @example /media/songs/satie.mp3
             */
            audio: string;
            /** @description in seconds */
            duration: number;
            /** Format: date-time */
            createdAt: string;
        };
        WebAlbum: {
            /** @example 4 */
            id: number;
            /** @example Trois Gymnopédies */
            title: string;
            artist: string;
            /**
             * @description as of a song
             * @example /media/album_images/satie.jpg
             */
            image: string;
            /** @example 1888 */
            year: number;
            /** @example 3 */
            songCount: number;
            /** Format: date-time */
            createdAt: string;
        };
        WebAlbumSongs: {
            /** @example 4 */
            id: number;
            /** @example Trois Gymnopédies */
            title: string;
            artist: string;
            /**
             * @description as of a song
             * @example /media/album_images/satie.jpg
             */
            image: string;
            /** @example 1888 */
            year: number;
            /** @example 3 */
            songCount: number;
            /** Format: date-time */
            createdAt: string;
            songs: components["schemas"]["WebSong"][];
        };
        WebArtist: {
            /** @example Erik Satie */
            name: string;
            /**
             * @description songs and albums
             * @example 5
             */
            works: number;
            /**
             * @description of one of the albums or songs
             * @example /media/album_images/satie.jpg
             */
            image: string | null;
        };
        WebArtistWorks: {
            /** @example Erik Satie */
            name: string;
            albums: components["schemas"]["WebAlbum"][];
            /** @description at most 200 of them */
            songs: components["schemas"]["WebSong"][];
            /**
             * @description how many songs there are in all
             * @example 1
             */
            songTotal: number;
        };
        WebSearchResult: {
            /** @description at most 8 */
            songs: components["schemas"]["WebSong"][];
            /** @description at most 6 */
            albums: components["schemas"]["WebAlbum"][];
            /** @description at most 6 */
            artists: components["schemas"]["WebArtist"][];
            /** @description at most 6; none if nobody is signed in */
            people: components["schemas"]["WebPerson"][];
        };
        WebPerson: {
            /** @example user_2wK7maurice */
            id: string;
            /** @example Maurice Ravel */
            name: string;
            /** @example /media/user_images/maurice.jpg */
            image: string | null;
        };
        WebPresent: {
            person: components["schemas"]["WebPerson"];
            /**
             * @description Idle for those who may not see it
             * @example Playing Gymnopédie No. 1 by Erik Satie
             */
            activity: string;
            /**
             * Format: date-time
             * @description when the activity began
             * @example 2026-05-17T19:30:00.250125Z
             */
            since: string;
        };
        WebConversation: {
            person: components["schemas"]["WebPerson"];
            /** @description the newest message */
            last: components["schemas"]["WebMessage"] | null;
            /**
             * @description messages that the caller has not read
             * @example 2
             */
            unread: number;
            /**
             * @description the last message that the other has read
             * @example 6a0a17e8c2f5b1d94e7a3c06
             */
            readUpTo: string | null;
        };
        WebMessage: {
            id: string;
            /** @example user_2wK4erikSatie */
            from: string;
            /** @example user_2wK7maurice */
            to: string;
            content: string;
            /**
             * Format: date-time
             * @example 2026-05-17T19:30:00.250125Z
             */
            at: string;
        };
        AdminIndex: {
            me: components["schemas"]["AdminMe"];
            /** @description those that the caller may see, in the order of the menu */
            models: components["schemas"]["AdminModel"][];
            /** @description what the caller may do besides */
            can: components["schemas"]["AdminCan"];
        };
        AdminMe: {
            id: string;
            name: string;
            email: string;
            /** @description empty for none */
            image: string;
            /** @description viewer, editor or admin */
            role: string;
        };
        AdminModel: {
            /** @example songs */
            name: string;
            /** @example Song */
            label: string;
            /** @example Songs */
            plural: string;
            /** @example music */
            icon: string;
            can: components["schemas"]["AdminRights"];
            columns: components["schemas"]["AdminColumn"][];
            /**
             * @description of the list; with a minus for the greatest first
             * @example -created_at
             */
            order: string;
            search: boolean;
            searchHint: string;
            filters: components["schemas"]["AdminFilter"][];
            /** @description those that the caller may run */
            actions: components["schemas"]["AdminAction"][];
            fieldsets: components["schemas"]["AdminFieldset"][];
            fields: components["schemas"]["AdminField"][];
        };
        AdminRights: {
            view: boolean;
            add: boolean;
            change: boolean;
            delete: boolean;
        };
        AdminColumn: {
            name: string;
            label: string;
            /** @description text, number, duration, datetime, bool, image, relation or badge */
            kind: string;
            sortable: boolean;
            /** @description that a relation refers to */
            model?: string;
        };
        AdminFilter: {
            name: string;
            label: string;
            /** @description choice, bool, date or relation */
            kind: string;
            /** @description that a relation refers to */
            model?: string;
        };
        AdminAction: {
            name: string;
            label: string;
            danger: boolean;
            /** @description the question to ask beforehand; empty for none */
            confirm: string;
            /** @description what to ask for; null for nothing */
            value: components["schemas"]["AdminField"] | null;
        };
        AdminField: {
            name: string;
            label: string;
            /** @description text, textarea, email, password, number, year, duration, bool, choice, relation, image, audio or datetime */
            kind: string;
            /** @description must be sent to add; what is left out of a change stays as it is */
            required: boolean;
            help: string;
            /** @description of a number */
            min: number;
            /** @description of a number; of a text the greatest length; 0 for no bound */
            max: number;
            choices: components["schemas"]["AdminChoice"][];
            /** @description that a relation refers to */
            model?: string;
            /** @description of a file, as in HTML */
            accept?: string;
            /** @description the form: add, change or both */
            on: string;
            readOnly: boolean;
        };
        AdminChoice: {
            value: string;
            label: string;
        };
        AdminFieldset: {
            label: string;
            collapsed: boolean;
            fields: string[];
        };
        AdminCan: {
            serverLog: boolean;
            upload: boolean;
        };
        AdminDashboard: {
            totals: components["schemas"]["AdminTotals"];
            /** @description the last 30 in UTC, oldest first */
            days: components["schemas"]["AdminDay"][];
            storage: components["schemas"]["AdminStorage"];
            /** @description what the caller did last */
            recent: components["schemas"]["AdminEntry"][];
            /** @description the songs heard most in these days */
            top: components["schemas"]["AdminTop"][];
        };
        AdminTotals: {
            songs: number;
            albums: number;
            artists: number;
            users: number;
            messages: number;
            plays: number;
            /** @description users who are online now */
            online: number;
        };
        AdminDay: {
            /** @example 2026-11-22 */
            day: string;
            songs: number;
            users: number;
            messages: number;
            plays: number;
        };
        AdminStorage: {
            /** @description bytes of the files' contents */
            media: number;
            /** @description how many files there are */
            files: number;
            /** @description bytes */
            database: number;
            /** @description bytes left for files; null if nobody knows */
            free: number | null;
        };
        AdminEntry: {
            /** Format: date-time */
            at: string;
            /** @description the e-mail address at the time, or "command line" */
            actor: string;
            /** @description added, changed or deleted */
            action: string;
            /** @example songs */
            model: string;
            /** @description of the object */
            id: string;
            /** @description what it was called */
            object: string;
            changes: components["schemas"]["AdminChange"][];
        };
        AdminChange: {
            field: string;
            from: string;
            to: string;
        };
        AdminTop: {
            song: components["schemas"]["AdminRef"];
            plays: number;
        };
        AdminRef: {
            id: number;
            label: string;
        };
        AdminUploaded: {
            song: components["schemas"]["AdminRow"];
            /** @description the song that has the same audio file */
            duplicateOf: components["schemas"]["AdminRef"] | null;
            album: components["schemas"]["AdminAlbum"] | null;
            /** @description what the file says */
            tags: components["schemas"]["AdminTags"];
        };
        AdminRow: {
            id: number;
            /** @description what to call it */
            label: string;
            /** @description by column or field; a relation is {id, label}, what is absent is null */
            values: {
                [key: string]: unknown;
            };
        };
        AdminAlbum: {
            id: number;
            label: string;
            /** @description it was made for this song */
            created: boolean;
        };
        AdminTags: {
            title: string;
            artist: string;
            album: string;
            /** @description 0 if the file does not say */
            track: number;
            /** @description 0 if the file does not say */
            year: number;
        };
        AdminJob: {
            name: string;
            label: string;
            /** @description seconds */
            every: number;
            /** Format: date-time */
            lastStarted: string | null;
            /** @description how long the last run took */
            lastSeconds: number | null;
            lastError: string | null;
            lastResult: string | null;
            running: boolean;
            /** Format: date-time */
            next: string | null;
        };
        AdminQueue: {
            name: string;
            label: string;
            waiting: number;
            running: number;
            /** @description given up after many attempts */
            failed: number;
        };
        AdminRun: {
            id: number;
            /** @description its name */
            job: string;
            label: string;
            /** @description which ran it */
            node: string;
            /** Format: date-time */
            started: string;
            /** @description how long it took */
            seconds: number;
            result: string | null;
            error: string | null;
        };
        AdminFailed: {
            /** @description how many there are on all pages */
            total: number;
            rows: components["schemas"]["AdminFailedJob"][];
        };
        AdminFailedJob: {
            id: number;
            /** @description its name */
            job: string;
            label: string;
            /** @description which tried it last */
            node: string;
            attempts: number;
            /** Format: date-time */
            added: string;
            /** Format: date-time */
            failed: string;
            /** @description of the last attempt */
            error: string;
        };
        AdminLine: {
            /** Format: date-time */
            time: string;
            /** @description debug, info, warn or error */
            level: string;
            message: string;
            attrs: {
                [key: string]: string;
            };
        };
        AdminObject: {
            id: number;
            /** @description what to call it */
            label: string;
            /** @description by column or field; a relation is {id, label}, what is absent is null */
            values: {
                [key: string]: unknown;
            };
            can: components["schemas"]["AdminObjectRights"];
            /** @description what refers to it */
            related: components["schemas"]["AdminRelated"][];
            /** Format: date-time */
            createdAt?: string;
        };
        AdminObjectRights: {
            change: boolean;
            delete: boolean;
        };
        AdminRelated: {
            /** @example Songs */
            label: string;
            /** @example songs */
            model: string;
            /** @description finds them in the list of the model */
            filter: components["schemas"]["AdminRelationFilter"];
            count: number;
        };
        AdminRelationFilter: {
            /** @example album */
            name: string;
            value: number;
        };
        AdminFacet: {
            /** @description as the filter takes it */
            value: string;
            label: string;
            /** @description how many objects it would find, under the other filters */
            count: number;
        };
        AdminOption: {
            id: number;
            label: string;
            /** @description tells it from others of the same label; may be empty */
            detail: string;
            /** @description empty for none */
            image: string;
        };
        AdminSelection: {
            ids?: number[];
            /** @description all that the list of q and filters has, on all its pages */
            all?: boolean;
            q?: string;
            /** @description values by the filters' names, as in the list */
            filters?: {
                [key: string]: string;
            };
            /** @description what the action asks for, if it does */
            value?: unknown;
        };
        AdminPreview: {
            /** @description how many objects were chosen */
            count: number;
            /** @description the first 100 of them */
            items: components["schemas"]["AdminPreviewItem"][];
            /** @description how many of each model, with what goes along */
            summary: components["schemas"]["AdminSummary"][];
        };
        AdminPreviewItem: {
            label: string;
            detail: string;
            /** @description what goes with it */
            items: components["schemas"]["AdminPreviewItem"][];
        };
        AdminSummary: {
            /** @example Songs */
            label: string;
            count: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
