import type { ObjectEntry } from '../ports/object-store';
import { unquoted } from './etags';
import { type ElementHandler, readElements, XmlError } from './xml-elements';

/** An element that something is taken from, or that holds such ones. @typeParam Said what the listing says of itself */
export interface Place<Said extends string> {
  readonly below?: Readonly<Record<string, Place<Said>>>;
  /** `object` is the element of a whole object, whose key, ETag and size are in others below it. */
  readonly take?: 'key' | 'etag' | 'size' | 'object' | 'prefix' | Said;
}

/** What a service's listings look like. */
export interface ListingForm<Said extends string> {
  /** Where in the answer what stands. Other elements of the same names are something else. */
  readonly document: Place<Said>;
  /** The name that the text of a key's or prefix's element says. */
  readonly nameOf: (text: string, attributes: string) => string;
  /** What an error says of an object that is not told whole. */
  readonly incomplete: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The objects and prefixes of a listing's answer, as a store lists them. */
export class ObjectListing<Said extends string> implements ElementHandler {
  readonly entries: ObjectEntry[] = [];
  readonly prefixes: string[] = [];
  readonly said = new Map<Said, string>();
  readonly #form: ListingForm<Said>;
  /** The places of the elements that are open; undefined for those that nothing is taken from. */
  readonly #open: (Place<Said> | undefined)[];
  #key: string | undefined;
  #etag: string | undefined;
  #size: number | undefined;

  constructor(form: ListingForm<Said>) {
    this.#form = form;
    this.#open = [form.document];
  }

  /** Reads an answer. @throws Error where it is not whole, or tells of an object in part */
  read(body: Uint8Array): this {
    readElements(utf8.decode(body), this);
    return this;
  }

  opened(name: string): void {
    this.#open.push(this.within?.below?.[name]);
  }

  closed(text: () => string, attributes: string): void {
    const take = this.#open.pop()?.take;
    switch (take) {
      case undefined:
        break;
      case 'key':
        this.#key = this.#form.nameOf(text(), attributes);
        break;
      case 'etag':
        this.#etag = text();
        break;
      case 'size':
        this.#size = Number(text());
        break;
      case 'object':
        this.add(this.#key, this.#etag, this.#size);
        this.#key = undefined;
        this.#etag = undefined;
        this.#size = undefined;
        break;
      case 'prefix':
        this.prefixes.push(ofItsOwn(this.#form.nameOf(text(), attributes)));
        break;
      default:
        this.said.set(take, text());
    }
  }

  /** The place of the innermost element that is open. */
  protected get within(): Place<Said> | undefined {
    return this.#open[this.#open.length - 1];
  }

  protected add(key: string | undefined, etag: string | undefined, size: number | undefined): void {
    if (key === undefined || etag === undefined || size === undefined || !Number.isSafeInteger(size)) {
      throw new XmlError(this.#form.incomplete);
    }
    this.entries.push({ key: ofItsOwn(key), etag: ofItsOwn(unquoted(etag)), size });
  }
}

/** A copy of a part of the document, which else would keep the whole document in memory for as long as the part is there. */
function ofItsOwn(part: string): string {
  return Buffer.from(part).toString();
}
