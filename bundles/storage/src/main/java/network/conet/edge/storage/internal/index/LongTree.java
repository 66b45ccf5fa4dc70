package network.conet.edge.storage.internal.index;

import java.io.IOException;
import java.util.Arrays;
import org.mapdb.Store;

/**
 * A sorted table of rows of longs: a B+ tree whose nodes are records of a store. The first columns are the key,
 * compared without sign. Not thread safe.
 *
 * <p>A node whose last row goes is used again; nodes are not merged. So no search meets an empty node, and all take as
 * many steps as the tree is high. (MapDB's own tree keeps its emptied leaves: the search for the first row of a long
 * used queue walks over all that ever were.) All nodes are records of one size, which the store never gets back: its
 * lists of free space lose a chunk each time they become empty.
 *
 * <p>Row i of an inner node: the lowest key that may stand below it (in row 0 nobody looks at it), then the child.
 */
final class LongTree {
    private final Store store;
    private final int keyColumns;
    private final LongNode.Format leaves;
    private final LongNode.Format inners;
    private final LongNode.Format links = new LongNode.Format(1);
    private long root;
    private int height;
    /** The first of the nodes that are not used; each holds the next one. */
    private long free;

    /** What a change below means for the node above, and what it met. */
    private long[] split;
    private boolean emptied;
    private long[] found;

    LongTree(Store store, int keyColumns, int columns) {
        this.store = store;
        this.keyColumns = keyColumns;
        leaves = new LongNode.Format(columns);
        inners = new LongNode.Format(keyColumns + 1);
        root = add(new LongNode(columns), leaves);
    }

    /** Adds a row or replaces that with its key, and returns the one replaced, or null. */
    long[] put(long... row) {
        split = null;
        found = null;
        put(root, height, row);
        if (split != null) {
            LongNode above = new LongNode(keyColumns + 1);
            above.insert(0, inner(new long[keyColumns], root));
            above.insert(1, split);
            root = add(above, inners);
            height++;
        }
        return found;
    }

    private void put(long recid, int level, long[] row) {
        LongNode.Format format = format(level);
        LongNode node = store.get(recid, format);
        int at;
        if (level > 0) {
            int child = childOf(node, row);
            put(node.last(child), level - 1, row);
            if (split == null) {
                return;
            }
            at = child + 1;
            node.insert(at, split);
            split = null;
        } else {
            at = node.search(row, keyColumns, 0);
            if (at >= 0) {
                found = node.row(at);
                node.set(at, row);
            } else {
                at = -at - 1;
                node.insert(at, row);
            }
        }
        if (node.bytes() > LongNode.BYTES) {
            // Messages come at the end of a mailbox: cut there, and what stays on the left is full for good.
            LongNode right = node.cut(node.endsRun(at) && at > node.size() / 2 ? at : node.middle());
            split = inner(right.row(0), add(right, format));
        }
        store.update(recid, node, format);
    }

    /** Removes and returns the row with this key, or null. */
    long[] remove(long... key) {
        found = null;
        emptied = false;
        remove(root, height, key);
        while (height > 0) {
            LongNode top = store.get(root, inners);
            if (top.size() > 1) {
                break;
            }
            drop(root);
            height--;
            root = top.size() == 1 ? top.last(0) : emptyRoot();
        }
        return found;
    }

    private long emptyRoot() {
        height = 0;
        return add(new LongNode(leaves.columns()), leaves);
    }

    private void remove(long recid, int level, long[] key) {
        LongNode.Format format = format(level);
        LongNode node = store.get(recid, format);
        int at;
        if (level > 0) {
            at = childOf(node, key);
            long child = node.last(at);
            remove(child, level - 1, key);
            if (!emptied) {
                return;
            }
            drop(child);
        } else {
            at = node.search(key, keyColumns, 0);
            if (at < 0) {
                return;
            }
            found = node.row(at);
        }
        node.delete(at);
        emptied = node.size() == 0;
        if (!emptied || recid == root) {
            store.update(recid, node, format);
        }
    }

    /** The row with this key, or null. */
    long[] get(long... key) {
        long recid = root;
        for (int level = height; level > 0; level--) {
            LongNode node = store.get(recid, inners);
            recid = node.last(childOf(node, key));
        }
        LongNode leaf = store.get(recid, leaves);
        int at = leaf.search(key, keyColumns, 0);
        return at < 0 ? null : leaf.row(at);
    }

    /** The first row with a greater key, or null. */
    long[] higher(long... key) {
        long recid = root;
        long right = 0;
        int rightLevel = 0;
        for (int level = height; level > 0; level--) {
            LongNode node = store.get(recid, inners);
            int child = childOf(node, key);
            if (child + 1 < node.size()) {
                right = node.last(child + 1);
                rightLevel = level - 1;
            }
            recid = node.last(child);
        }
        LongNode leaf = store.get(recid, leaves);
        int at = leaf.search(key, keyColumns, 0);
        at = at < 0 ? -at - 1 : at + 1;
        if (at < leaf.size()) {
            return leaf.row(at);
        }
        if (right == 0) {
            return null;
        }
        for (int level = rightLevel; level > 0; level--) {
            right = store.get(right, inners).last(0);
        }
        return store.get(right, leaves).row(0);
    }

    /** Shows all rows in order. */
    void forEach(RowVisitor visitor) throws IOException {
        forEach(root, height, visitor);
    }

    private void forEach(long recid, int level, RowVisitor visitor) throws IOException {
        LongNode node = store.get(recid, format(level));
        for (int i = 0; i < node.size(); i++) {
            if (level > 0) {
                forEach(node.last(i), level - 1, visitor);
            } else {
                visitor.row(node.row(i));
            }
        }
    }

    private long add(LongNode node, LongNode.Format format) {
        if (free == 0) {
            return store.put(node, format);
        }
        long recid = free;
        free = store.get(recid, links).last(0);
        store.update(recid, node, format);
        return recid;
    }

    private void drop(long recid) {
        LongNode link = new LongNode(1);
        link.insert(0, new long[] {free});
        store.update(recid, link, links);
        free = recid;
    }

    private LongNode.Format format(int level) {
        return level > 0 ? inners : leaves;
    }

    private int childOf(LongNode node, long[] key) {
        int at = node.search(key, keyColumns, 1);
        return at < 0 ? -at - 2 : at;
    }

    private long[] inner(long[] key, long child) {
        long[] row = Arrays.copyOf(key, keyColumns + 1);
        row[keyColumns] = child;
        return row;
    }

    /** Is shown rows. */
    @FunctionalInterface
    interface RowVisitor {
        void row(long[] row) throws IOException;
    }
}
