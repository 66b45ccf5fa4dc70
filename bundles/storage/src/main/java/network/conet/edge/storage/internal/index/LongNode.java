package network.conet.edge.storage.internal.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mapdb.DataInput2;
import org.mapdb.DataOutput2;
import org.mapdb.Serializer;

/** One node of a {@link LongTree}: rows of longs in order. */
final class LongNode {
    /** What every node takes in the store; more rows than fit must be cut off before. */
    static final int BYTES = 512;

    private static final int COUNT_BYTES = 2;

    private final int columns;
    private long[] cells;
    private int size;

    LongNode(int columns) {
        this.columns = columns;
        cells = new long[0];
    }

    int size() {
        return size;
    }

    long[] row(int index) {
        return Arrays.copyOfRange(cells, index * columns, (index + 1) * columns);
    }

    /** The last cell of a row. */
    long last(int index) {
        return cells[(index + 1) * columns - 1];
    }

    /** Where, from a row on, the row with this key stands, or {@code -(where it would stand) - 1}. */
    int search(long[] key, int keyColumns, int from) {
        int low = from;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle * columns, key, keyColumns);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private int compare(int at, long[] key, int keyColumns) {
        int order = 0;
        for (int c = 0; c < keyColumns && order == 0; c++) {
            order = Long.compareUnsigned(cells[at + c], key[c]);
        }
        return order;
    }

    void set(int index, long[] row) {
        System.arraycopy(row, 0, cells, index * columns, columns);
    }

    void insert(int index, long[] row) {
        long[] wider = Arrays.copyOf(cells, (size + 1) * columns);
        System.arraycopy(cells, index * columns, wider, (index + 1) * columns, (size - index) * columns);
        cells = wider;
        size++;
        set(index, row);
    }

    void delete(int index) {
        System.arraycopy(cells, (index + 1) * columns, cells, index * columns, (size - index - 1) * columns);
        size--;
    }

    /** Whether the next row, if there is one, begins with something else. */
    boolean endsRun(int row) {
        return row == size - 1 || cells[row * columns] != cells[(row + 1) * columns];
    }

    /** What the rows take in the store. */
    int bytes() {
        int bytes = COUNT_BYTES;
        for (int i = 0; i < size; i++) {
            bytes += rowBytes(i);
        }
        return bytes;
    }

    /** The row, neither first nor last, before which about half of the bytes stand. */
    int middle() {
        int half = bytes() / 2;
        int bytes = COUNT_BYTES;
        int row = 0;
        while (bytes < half) {
            bytes += rowBytes(row++);
        }
        return Math.max(1, Math.min(row, size - 1));
    }

    private int rowBytes(int row) {
        int bytes = (columns + 1) / 2;
        for (int cell = row * columns; cell < (row + 1) * columns; cell++) {
            bytes += length(difference(cell));
        }
        return bytes;
    }

    /** To the row before, the sign in the lowest bit. */
    private long difference(int cell) {
        long difference = cells[cell] - (cell < columns ? 0 : cells[cell - columns]);
        return difference << 1 ^ difference >> Long.SIZE - 1;
    }

    /** Bytes that a number needs, 0..8. */
    private static int length(long number) {
        return (Long.SIZE + Byte.SIZE - 1 - Long.numberOfLeadingZeros(number)) / Byte.SIZE;
    }

    /** Moves the rows from there on into a new node. */
    LongNode cut(int from) {
        LongNode right = new LongNode(columns);
        right.cells = Arrays.copyOfRange(cells, from * columns, size * columns);
        right.size = size - from;
        size = from;
        return right;
    }

    /**
     * A node in bytes.
     *
     * <pre>
     * 2        number of rows, low byte first
     * a row    half a byte for each column, how many bytes its difference takes (0..8), padded to whole bytes;
     *          then the differences to the row before, sign in the lowest bit, low byte first
     * rest     anything
     * </pre>
     */
    static final class Format implements Serializer<LongNode> {
        private static final int LENGTH_BITS = 4;
        private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

        private final int columns;
        private final int lengthsBytes;

        /** @param columns 1..4 */
        Format(int columns) {
            this.columns = columns;
            lengthsBytes = (columns + 1) / 2;
        }

        int columns() {
            return columns;
        }

        @Override
        public void serialize(DataOutput2 out, LongNode node) {
            out.ensureAvail(BYTES + Long.BYTES);
            ByteBuffer bytes = ByteBuffer.wrap(out.buf).order(ByteOrder.LITTLE_ENDIAN);
            int at = out.pos;
            out.pos += BYTES;
            bytes.putShort(at, (short) node.size);
            at += COUNT_BYTES;
            for (int row = 0; row < node.size; row++) {
                int lengthsAt = at;
                int lengths = 0;
                at += lengthsBytes;
                for (int c = 0; c < columns; c++) {
                    long difference = node.difference(row * columns + c);
                    int length = length(difference);
                    // What is written behind its length is written over by the next one.
                    bytes.putLong(at, difference);
                    at += length;
                    lengths |= length << LENGTH_BITS * c;
                }
                bytes.put(lengthsAt, (byte) lengths);
                if (lengthsBytes > 1) {
                    bytes.put(lengthsAt + 1, (byte) (lengths >> Byte.SIZE));
                }
            }
        }

        @Override
        public LongNode deserialize(DataInput2 in, int available) throws IOException {
            byte[] array = new byte[available + Long.BYTES];
            in.readFully(array, 0, available);
            ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
            LongNode node = new LongNode(columns);
            node.size = bytes.getShort(0);
            node.cells = new long[node.size * columns];
            int at = COUNT_BYTES;
            for (int cell = 0; cell < node.cells.length;) {
                int lengths = bytes.getShort(at);
                at += lengthsBytes;
                for (int c = 0; c < columns; c++, cell++) {
                    int length = lengths & LENGTH_MASK;
                    lengths >>= LENGTH_BITS;
                    long difference = length == 0 ? 0 : bytes.getLong(at) & -1L >>> Long.SIZE - length * Byte.SIZE;
                    at += length;
                    node.cells[cell] = (difference >>> 1 ^ -(difference & 1))
                            + (cell < columns ? 0 : node.cells[cell - columns]);
                }
            }
            return node;
        }
    }
}
