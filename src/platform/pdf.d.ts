/** The parts of pdfmake and fontkit that are used here. fontkit brings no types, and those made for pdfmake bring a browser's with them. */
declare module 'fontkit' {
  export function openSync(file: string): { hasGlyphForCodePoint(point: number): boolean };
}

declare module 'pdfmake' {
  /** What stands on a page, and how; lengths are points. */
  interface Laid {
    readonly bold?: boolean;
    readonly fontSize?: number;
    readonly color?: string;
    readonly fillColor?: string;
    readonly alignment?: 'left' | 'center' | 'right';
    /** Left, top, right, bottom. */
    readonly margin?: readonly number[];
    readonly characterSpacing?: number;
    readonly lineHeight?: number;
    /** Also what lets `characterSpacing` stand between Chinese characters, which else are words of their own. */
    readonly noWrap?: boolean;
    readonly leadingIndent?: number;
    readonly width?: number | '*';
    readonly absolutePosition?: { readonly x: number; readonly y: number };
  }
  interface Text extends Laid {
    readonly text: string | readonly (Text | string)[];
    readonly decoration?: 'underline';
  }
  interface Table extends Laid {
    readonly table: {
      readonly headerRows?: number;
      readonly dontBreakRows?: boolean;
      readonly widths: readonly (string | number)[];
      readonly body: readonly (readonly Content[])[];
    };
    readonly layout: 'lightHorizontalLines' | 'noBorders' | object;
  }
  interface Picture extends Laid {
    /** A data URL. */
    readonly image: string;
    readonly height: number;
  }
  interface Drawing extends Laid {
    readonly svg: string;
  }
  interface QrCode extends Laid {
    readonly qr: string;
    readonly fit: number;
    readonly eccLevel?: 'L' | 'M' | 'Q' | 'H';
    readonly foreground?: string;
    readonly background?: string;
  }
  interface Stack extends Laid {
    readonly stack: readonly Content[];
  }
  interface Columns extends Laid {
    readonly columns: readonly Content[];
    readonly columnGap?: number;
  }
  export type Content = Text | Table | Picture | Drawing | QrCode | Stack | Columns;
  export interface Document {
    readonly pageSize: 'A4';
    readonly pageOrientation: 'landscape' | 'portrait';
    readonly pageMargins: readonly number[];
    readonly defaultStyle: { readonly font: string; readonly fontSize: number; readonly color?: string };
    readonly info: {
      readonly title: string;
      readonly author?: string;
      readonly creator?: string;
      readonly producer?: string;
      readonly creationDate?: Date;
    };
    readonly content: readonly Content[];
    readonly background?: Content;
    readonly footer?: (page: number, pages: number) => Content;
  }
  const pdfmake: {
    setFonts(fonts: Readonly<Record<string, { readonly normal: string; readonly bold: string }>>): void;
    setUrlAccessPolicy(allowed: (url: string) => boolean): void;
    setLocalAccessPolicy(allowed: (file: string) => boolean): void;
    createPdf(document: Document): { getBuffer(): Promise<Buffer> };
  };
  export default pdfmake;
}
