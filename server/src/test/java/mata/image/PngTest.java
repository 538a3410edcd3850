package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import mata.picture.PictureFormat;
import mata.picture.PictureHeader;
import org.junit.jupiter.api.Test;

class PngTest {

    @Test
    void aFrameComesBackAsItWas() {
        Frame cup = Decoder.decode(Fixtures.bytes("photos/cup_landscape.jpg"), 1_000_000);

        byte[] png = Png.rgb(cup);

        assertThat(PictureHeader.read(png)).isEqualTo(new PictureHeader(PictureFormat.PNG, 600, 400, 1));
        assertThat(Decoder.decode(png, 1_000_000).rgb()).isEqualTo(cup.rgb());
    }

    /** Read by another decoder, which shows one channel of 8 bits. */
    @Test
    void greyIsOneChannelOf8Bits() throws IOException {
        byte[] png = Png.grey(new byte[] {0, (byte) 255, 7, 0, 0, 9}, 3, 2);

        var raster = ImageIO.read(new ByteArrayInputStream(png)).getRaster();

        assertThat(raster.getNumBands()).isEqualTo(1);
        assertThat(raster.getSampleModel().getSampleSize(0)).isEqualTo(8);
        assertThat(raster.getSamples(0, 0, 3, 2, 0, (int[]) null)).containsExactly(0, 255, 7, 0, 0, 9);
    }
}
