"""Formats that several advisory feeds share: OSV texts, XML read as a stream, OVAL, rpm-md updateinfo."""
