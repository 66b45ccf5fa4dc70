package network.conet.edge.relay.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import network.conet.edge.api.Volume;

/** The power of a simulated node, as far as its disk is concerned: can go away in the middle of a group of writes. */
final class SimPower {
    private final Runnable onCut;
    private Line line;
    private int cutAfter = -1;

    /** @param onCut called when the power goes at an operation, before the operation fails */
    SimPower(Runnable onCut) {
        this.onCut = onCut;
    }

    /** Thrown out of the disk into a program that has ended in that moment. */
    static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Power for the next life of the node. */
    Line newLine() {
        line = new Line();
        return line;
    }

    /** Lets the power go away before the n-th operation from now that changes the disk. */
    void cutAfter(int operations) {
        cutAfter = operations;
    }

    /** The power is away: the present line never works again. */
    void off() {
        line.isOn = false;
        cutAfter = -1;
    }

    /** What one life of the node is fed by. */
    final class Line {
        private boolean isOn = true;

        /** The disk as long as there is power. */
        Volume volume(Volume disk) {
            return new Volume() {
                @Override
                public List<String> list() throws IOException {
                    check();
                    return disk.list();
                }

                @Override
                public File open(String name) throws IOException {
                    changes();
                    return file(disk.open(name));
                }

                @Override
                public void delete(String name) throws IOException {
                    changes();
                    disk.delete(name);
                }

                @Override
                public void forceDirectory() throws IOException {
                    changes();
                    disk.forceDirectory();
                }

                @Override
                public long freeBytes() throws IOException {
                    check();
                    return disk.freeBytes();
                }
            };
        }

        private Volume.File file(Volume.File file) {
            return new Volume.File() {
                @Override
                public long sizeBytes() throws IOException {
                    check();
                    return file.sizeBytes();
                }

                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    check();
                    return file.read(target, position);
                }

                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    changes();
                    file.write(source, position);
                }

                @Override
                public void truncate(long sizeBytes) throws IOException {
                    changes();
                    file.truncate(sizeBytes);
                }

                @Override
                public void force() throws IOException {
                    changes();
                    file.force();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        private void changes() {
            if (isOn && this == line && cutAfter > 0 && --cutAfter == 0) {
                onCut.run();
            }
            check();
        }

        private void check() {
            if (!isOn) {
                throw new PowerCut();
            }
        }
    }
}
