/* encoding.c - recognises the encoding of a file by its first bytes. */
#include "encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The first bytes of files in other encodings and formats. UTF-32 comes before UTF-16, because its mark begins with
 * that of UTF-16. */
static const struct {
    const char *bytes;
    size_t size;
    const char *fault;
} beginnings[] = {
    { "\xFF\xFE\0\0", 4, "UTF-32: write it as UTF-8 first (iconv -f UTF-32 -t UTF-8)" },
    { "\0\0\xFE\xFF", 4, "UTF-32: write it as UTF-8 first (iconv -f UTF-32 -t UTF-8)" },
    { "\x1F\x8B", 2, "gzip: unpack it first (gunzip)" },
    { "\x1F\x9D", 2, "compress: unpack it first (gunzip)" },
    { "BZh", 3, "bzip2: unpack it first (bunzip2)" },
    { "\xFD"
      "7zXZ\0",
      6, "xz: unpack it first (unxz)" },
    { "\x28\xB5\x2F\xFD", 4, "zstd: unpack it first (unzstd)" },
    { "\x04\x22\x4D\x18", 4, "lz4: unpack it first (unlz4)" },
    { "PK\x03\x04", 4, "a zip archive: unpack it first (unzip)" },
    { "PK\x05\x06", 4, "an empty zip archive" },
    { "7z\xBC\xAF\x27\x1C", 6, "a 7z archive: unpack it first (7z x)" },
    { "Rar!\x1A\x07", 6, "a rar archive: unpack it first (unrar x)" },
    { "LZIP", 4, "lzip: unpack it first (lzip -d)" },
    { "\x89LZO", 4, "lzop: unpack it first (lzop -d)" },
    { "\xD0\xCF\x11\xE0", 4,
      "a spreadsheet, or another file of an office program, in an old format: save it as CSV first" },
    { "\x5D\0\0", 3, "lzma: unpack it first (unlzma)" },
};

/* The fault of a text in UTF-32, or in UTF-16 without a mark, by which of its first four bytes are NUL: JSON begins
 * with two ASCII characters (RFC 4627). */
static const char *
fault_of_nuls (const char *bytes, size_t size)
{
    static const char *const faults[16] = {
        [0x1] = "UTF-32: write it as UTF-8 first (iconv -f UTF-32BE -t UTF-8)",
        [0x8] = "UTF-32: write it as UTF-8 first (iconv -f UTF-32LE -t UTF-8)",
        [0x5] = "UTF-16 without a byte order mark: write it as UTF-8 first (iconv -f UTF-16BE -t UTF-8)",
        [0xA] = "UTF-16 without a byte order mark: write it as UTF-8 first (iconv -f UTF-16LE -t UTF-8)",
        [0x0] = "NUL bytes instead of text",
    };
    unsigned set = 0;
    for (size_t i = 0; i < 4; i++)
        set = 2 * set + (i < size && bytes[i]);
    return size < 4 ? NULL : faults[set];
}

/* gcc's analyser treats the (iconv_t) -1 of a failure as memory that is not freed. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
/* Convert a whole UTF-16 text after its mark. */
static int
convert (const char *charset, char **bytes, size_t *size, const char **fault, sks_error *err)
{
    /* Two bytes become at most three. */
    size_t in_left = *size - 2, out_size = *size / 2 * 3, out_left = out_size;
    char *in = *bytes + 2, *text = malloc (out_size + 1), *out = text;
    if (!text)
        return sks_fail_memory (err);
    iconv_t converter = iconv_open ("UTF-8", charset);
    if (converter == (iconv_t) -1) {
        free (text);
        *fault = "UTF-16, which the C library here cannot read: write it as UTF-8 first";
        return 0;
    }
    if (iconv (converter, &in, &in_left, &out, &out_left) == (size_t) -1)
        *fault = "invalid UTF-16";
    iconv_close (converter);
    if (*fault) {
        free (text);
        return 0;
    }
    free (*bytes);
    *bytes = text;
    *size = out_size - out_left;
    text[*size] = '\0';
    return 0;
}
#pragma GCC diagnostic pop

/* Whether the bytes are an archive that an office program made, such as XLSX or ODS: its first entry has one of these
 * names. */
static bool
is_office_file (const char *bytes, size_t size)
{
    size = size < 128 ? size : 128;
    return size >= 4 && memcmp (bytes, "PK\x03\x04", 4) == 0 &&
           (memmem (bytes, size, "[Content_Types].xml", 19) || memmem (bytes, size, "vnd.oasis.opendocument", 22) ||
            memmem (bytes, size, "_rels/.rels", 11));
}

/* Whether the text begins with "<", after a byte order mark and blanks. */
static bool
is_markup (const char *bytes, size_t size)
{
    size_t at = size >= 3 && memcmp (bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < size && bytes[at] && strchr (" \t\r\n", bytes[at]))
        at++;
    return at < size && bytes[at] == '<';
}

int
sks_encoding_decode (char **bytes, size_t *size, const char **fault, sks_error *err)
{
    if (is_office_file (*bytes, *size)) {
        *fault = "a spreadsheet, or another file of an office program: save it as CSV first";
        return 0;
    }
    *fault = fault_of_nuls (*bytes, *size);
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (*size >= beginnings[i].size && memcmp (*bytes, beginnings[i].bytes, beginnings[i].size) == 0) {
            *fault = beginnings[i].fault;
            return 0;
        }
    if (is_markup (*bytes, *size))
        *fault = "HTML or XML instead of JSON";
    if (*size >= 2 && memcmp (*bytes, "\xFF\xFE", 2) == 0)
        return convert ("UTF-16LE", bytes, size, fault, err);
    if (*size >= 2 && memcmp (*bytes, "\xFE\xFF", 2) == 0)
        return convert ("UTF-16BE", bytes, size, fault, err);
    return 0;
}
